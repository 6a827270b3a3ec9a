"""A consent that opens several pages: choosing among them, and what becomes of the others."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.crypto import decrypt
from scheduler import clock
from scheduler.models import Channel, PendingConnection
from tests.scheduler.connect import pages
from tests.scheduler.connect.conftest import begin, come_back

pytestmark = pytest.mark.usefixtures("pages_with_keys")


@pytest.fixture
def came_back(officer: Client) -> HttpResponse:
    """The officer after the consent."""
    state = begin(officer, "facebook").context["address"].rpartition("state=")[2]
    return come_back(officer, {"code": "x", "state": state})


def choose(browser: Client, *accounts: str) -> HttpResponse:
    return browser.post(reverse("channel_choose", args=["vse"]), {"accounts": accounts}, follow=True)


def test_the_pages_are_offered_by_name_and_none_is_connected_yet(came_back: HttpResponse):
    assert "Helpline" in came_back.text
    assert "Volunteers" in came_back.text
    assert "token-1" not in came_back.text
    assert not Channel.objects.exists()


def test_what_is_chosen_becomes_a_channel_and_the_rest_is_forgotten(officer: Client, came_back: HttpResponse):
    choose(officer, "2")
    channel = Channel.objects.get()
    assert (channel.name, channel.expires_at, channel.scopes) == ("Volunteers", pages.END, ["post", "read"])
    assert decrypt(channel.credentials) == {"access_token": "token-2"}
    assert not PendingConnection.objects.exists()


def test_several_may_be_chosen(officer: Client, came_back: HttpResponse):
    choose(officer, "1", "2")
    assert Channel.objects.count() == 2


@pytest.mark.parametrize("accounts", [(), ("3",)])
def test_nothing_or_something_else_is_not_a_choice(officer: Client, came_back: HttpResponse, accounts: tuple[str, ...]):
    assert choose(officer, *accounts).status_code == 422
    assert not Channel.objects.exists()


def test_what_can_be_chosen_is_encrypted_and_only_for_ten_minutes(officer: Client, came_back: HttpResponse):
    assert "token" not in PendingConnection.objects.get().grants
    with clock.shifted(timedelta(minutes=11)):
        choose(officer, "1")
    assert not Channel.objects.exists()


def test_another_person_has_nothing_to_choose_from(admin: Client, came_back: HttpResponse):
    choose(admin, "1")
    assert not Channel.objects.exists()


def test_letting_go_tells_the_network(officer: Client, came_back: HttpResponse):
    choose(officer, "1")
    officer.post(reverse("channel_disconnect", args=["vse", Channel.objects.get().pk]))
    assert pages.revoked == ["token-1"]
