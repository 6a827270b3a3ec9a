"""What somebody sees in an organisation that has nothing yet, and when something broke."""

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from accounts.models import Role
from tests import factories
from tests.personas import BACKEND

pytestmark = pytest.mark.django_db

EMPTY = {
    "/o/brand-new/": "There is no channel yet",
    "/o/brand-new/queue/": "you take part in no campaign yet",
    "/o/brand-new/queue/?show=done": "Nothing has ended yet.",
    "/o/brand-new/inbox/": "Nothing waits for your hand.",
    "/o/brand-new/channels/": "Nothing can be planned before there is one.",
    "/log/": "The first line comes when a post is scheduled.",
    "/changes/": "The first line comes when a channel is connected or checked.",
}


@pytest.fixture
def newcomer(client: Client) -> Client:
    """The admin of an organisation that takes part in nothing and has no channel."""
    client.force_login(factories.user(factories.organisation("brand-new"), Role.ADMIN), backend=BACKEND)
    return client


@pytest.mark.parametrize("path", EMPTY)
def test_an_empty_page_says_what_comes_first(path: str, newcomer: Client):
    answer = newcomer.get(path)
    assert answer.status_code == 200
    assert EMPTY[path] in answer.text


def test_an_empty_queue_leads_to_the_campaign(newcomer: Client):
    organiser = factories.organisation(is_coordinator=True)
    own = type(organiser).objects.get(slug="brand-new")
    campaign = factories.campaign(organiser, own)
    assert f"/o/brand-new/campaigns/{campaign.slug}/" in newcomer.get("/o/brand-new/queue/").text
    assert "Choose a post" in newcomer.get("/o/brand-new/queue/").text


def test_a_broken_page_says_so_without_needing_anything():
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
