"""Connecting an account on Bluesky, checking it, and letting it go."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.actors import CHORUS
from accounts.crypto import decrypt
from networks.bluesky import BlueskyConnector
from scheduler.models import Channel, Health, Transport
from scheduler.services import channels
from tests import factories
from tests.networks.fakes.bluesky import ACCOUNT_PASSWORD, APP_PASSWORD, DID, HANDLE, FakePds
from tests.personas import organisation_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pds() -> Iterator[FakePds]:
    with FakePds() as server:
        yield server


def send(browser: Client, server: FakePds, **typed: str) -> HttpResponse:
    """What the page answers to the account of `server`."""
    values = {"pds": server.url, "identifier": HANDLE, "app_password": APP_PASSWORD, **typed}
    return browser.post(reverse("channel_connect_network", args=["vse", "bluesky"]), values)


def connected(pds: FakePds, slug: str = "vse") -> Channel:
    grant = BlueskyConnector(pds.url).connect(identifier=HANDLE, app_password=APP_PASSWORD)
    return channels.connected(organisation_of(slug), "bluesky", grant, CHORUS)


def press(browser: Client, name: str, channel: Channel) -> HttpResponse:
    return browser.post(reverse(name, args=["vse", channel.pk]), follow=True)


def test_the_channels_lead_to_connecting_one(officer: Client):
    ways = reverse("channel_connect", args=["vse"])
    assert ways in officer.get(reverse("channel_list", args=["vse"])).text
    assert reverse("channel_connect_network", args=["vse", "bluesky"]) in officer.get(ways).text


def test_the_form_opens_with_bluesky_s_own_entrance(officer: Client):
    assert (
        'value="https://bsky.social"' in officer.get(reverse("channel_connect_network", args=["vse", "bluesky"])).text
    )


def test_an_account_becomes_a_channel(officer: Client, pds: FakePds):
    assert send(officer, pds).status_code == 302
    channel = Channel.objects.get()
    assert (channel.name, channel.remote_id, channel.transport) == (HANDLE, DID, Transport.API)
    assert (channel.health, channel.organisation.slug) == (Health.OK, "vse")


def test_the_account_s_own_server_is_spoken_to_from_then_on(officer: Client, pds: FakePds):
    with FakePds() as home:
        pds.home = home.url
        send(officer, pds)
        assert Channel.objects.get().base_url == home.url


def test_the_credentials_are_encrypted_and_the_password_is_not_among_them(officer: Client, pds: FakePds):
    send(officer, pds)
    stored = Channel.objects.get().credentials
    assert DID not in stored
    assert decrypt(stored)["did"] == DID
    assert APP_PASSWORD not in decrypt(stored).values()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"app_password": "wrong-wrong-wrong"}, "app_password"),
        ({"app_password": ACCOUNT_PASSWORD}, "app_password"),
        ({"pds": "http://elsewhere.example"}, "pds"),
        ({"pds": "http://127.0.0.1:9"}, "pds"),
        ({"identifier": ""}, "identifier"),
    ],
)
def test_a_refusal_stands_next_to_its_field_and_stores_nothing(
    officer: Client, pds: FakePds, typed: dict[str, str], field: str
):
    answer = send(officer, pds, **typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Channel.objects.exists()


def test_a_password_that_was_typed_is_never_shown_again(officer: Client, pds: FakePds):
    answer = send(officer, pds, app_password="a-password-that-fails")
    assert "a-password-that-fails" not in answer.text
    assert f'value="{HANDLE}"' in answer.text


def test_an_account_is_connected_to_one_organisation(officer: Client, pds: FakePds):
    connected(pds, "apav")
    answer = send(officer, pds)
    assert "connected to another organisation" in str(answer.context["form"].errors)
    assert Channel.objects.count() == 1


def test_an_account_that_was_let_go_can_be_connected_elsewhere(officer: Client, pds: FakePds):
    channels.disconnect(connected(pds, "apav"), CHORUS)
    assert send(officer, pds).status_code == 302
    assert Channel.objects.get(remote_id=DID).organisation.slug == "vse"


def test_connecting_again_mends_the_channel_that_is_there(officer: Client, pds: FakePds):
    channels.disconnect(channel := connected(pds), CHORUS)
    send(officer, pds)
    assert Channel.objects.get() == channel
    assert Channel.objects.get().health == Health.OK


def test_a_channel_with_the_handle_s_name_does_not_stand_in_the_way(officer: Client, pds: FakePds):
    factories.channel(organisation_of("vse"), "bluesky", Transport.BY_HAND, name=HANDLE)
    send(officer, pds)
    assert Channel.objects.get(remote_id=DID).name == f"{HANDLE}, {DID}"


def test_disconnecting_deletes_the_credentials_and_keeps_the_channel(officer: Client, pds: FakePds):
    press(officer, "channel_disconnect", connected(pds))
    channel = Channel.objects.get()
    assert (channel.credentials, channel.health) == ("", Health.DISCONNECTED)


def test_a_channel_on_the_wall_cannot_be_disconnected(officer: Client):
    channel = factories.channel(organisation_of("vse"))
    assert "Only a channel that was connected" in press(officer, "channel_disconnect", channel).text
    assert Channel.objects.get().health == Health.OK


def test_a_check_says_that_the_channel_works(officer: Client, pds: FakePds):
    Channel.objects.filter(pk=(channel := connected(pds)).pk).update(checked_at=None, health=Health.RECONNECT)
    assert f"{channel} works." in press(officer, "channel_check", channel).text
    channel.refresh_from_db()
    assert channel.health == Health.OK
    assert channel.checked_at


def test_a_check_finds_a_dead_credential(officer: Client, pds: FakePds):
    channel = connected(pds)
    pds.end_tokens("access")
    pds.end_tokens("refresh")
    press(officer, "channel_check", channel)
    channel.refresh_from_db()
    assert channel.health == Health.RECONNECT
    assert channel.health_note


def test_a_check_keeps_the_tokens_that_it_renewed(officer: Client, pds: FakePds):
    before = connected(pds)
    pds.end_tokens("access")
    press(officer, "channel_check", before)
    after = Channel.objects.get()
    assert after.health == Health.OK
    assert decrypt(after.credentials)["refresh_jwt"] != decrypt(before.credentials)["refresh_jwt"]


def test_a_server_that_does_not_answer_says_nothing_about_the_credential(officer: Client, pds: FakePds):
    Channel.objects.filter(pk=(channel := connected(pds)).pk).update(base_url="http://127.0.0.1:9")
    assert "nothing was changed" in press(officer, "channel_check", channel).text
    assert Channel.objects.get().health == Health.OK


def test_what_is_posted_by_hand_has_nothing_to_check(officer: Client):
    channel = factories.channel(organisation_of("vse"), transport=Transport.BY_HAND)
    assert "no credential" in press(officer, "channel_check", channel).text


def test_another_organisation_s_channel_is_not_there(officer: Client, pds: FakePds):
    assert press(officer, "channel_disconnect", connected(pds, "apav")).status_code == 404
