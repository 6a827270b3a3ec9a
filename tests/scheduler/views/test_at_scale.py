"""A hundred thousand items: each page asks the database as often as for a thousand."""

import pytest
from django.test import Client

from accounts.models import Membership, Organisation, Role, User
from bench import bulk, seed
from campaign.models import Campaign
from scheduler.models import ScheduledItem
from tests.personas import BACKEND
from tests.scheduler.views.test_a_thousand import questions

pytestmark = pytest.mark.django_db

FEW, MANY = 1000, 100_000
CHANNELS = 420
COORDINATOR, OTHER = "coordinator", "organisation-6"
PAGES = {
    "/log/": COORDINATOR,
    "/log/?show=look": COORDINATOR,
    "/log/?show=failed": COORDINATOR,
    "/log/?before=2000": COORDINATOR,
    f"/o/{COORDINATOR}/": COORDINATOR,
    f"/o/{COORDINATOR}/queue/": COORDINATOR,
    f"/o/{OTHER}/": OTHER,
    f"/o/{OTHER}/queue/": OTHER,
    f"/o/{OTHER}/queue/?show=done": OTHER,
}


@pytest.fixture
def campaign(db: None) -> Campaign:
    """Seventy organisations with six channels each, and the coordinator with six of its own."""
    made = seed.make_campaign(20)
    seed.make_channels(made, CHANNELS, "http://127.0.0.1:9")
    Organisation.objects.update(time_zone="Europe/Helsinki")
    own = Organisation.objects.get(slug=COORDINATOR)
    Organisation.objects.get(slug="organisation-414").channels.update(organisation=own)
    return made


def browser_of(slug: str) -> Client:
    """An admin of that organisation, signed in."""
    user = User.objects.create_user(f"admin@{slug}.example", name="Admin")
    Membership.objects.create(user=user, organisation=Organisation.objects.get(slug=slug), role=Role.ADMIN)
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_each_page_asks_as_often_for_a_hundred_thousand_items_as_for_a_thousand(campaign: Campaign) -> None:
    browsers = {slug: browser_of(slug) for slug in (COORDINATOR, OTHER)}
    bulk.mixed(campaign, FEW)
    bulk.one_to_look_at()
    few = {path: questions(browsers[slug], path) for path, slug in PAGES.items()}
    bulk.mixed(campaign, MANY - FEW)
    assert ScheduledItem.objects.count() == MANY
    assert {path: questions(browsers[slug], path) for path, slug in PAGES.items()} == few
