"""Credentials renewed ahead of their end, and the limits of servers that have their own."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from accounts.actors import CHORUS
from accounts.crypto import decrypt, encrypt
from networks.bluesky import BlueskyConnector
from networks.errors import ReconnectError
from scheduler import clock
from scheduler.models import Channel, Health
from scheduler.services import care, channels
from scheduler.services.adapters import adapter_for
from scheduler.services.schedule import preview
from scheduler.tasks import refresh_credentials
from tests import factories
from tests.networks.fakes.bluesky import APP_PASSWORD, HANDLE, FakePds
from tests.networks.fakes.mastodon import ACCOUNT_ID, FakeMastodon
from tests.personas import organisation_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pds() -> Iterator[FakePds]:
    with FakePds() as server:
        yield server


@pytest.fixture
def bluesky(pds: FakePds) -> Channel:
    """Connected now, for ninety days."""
    grant = BlueskyConnector(pds.url).connect(identifier=HANDLE, app_password=APP_PASSWORD)
    return channels.connected(organisation_of("vse"), "bluesky", grant, CHORUS)


@pytest.fixture
def mastodon(server: FakeMastodon) -> Channel:
    channel = factories.channel(organisation_of("vse"), "mastodon", "api", base_url=server.url)
    own = {"access_token": server.new_token(), "account_id": ACCOUNT_ID, "version": "4.4.3", "keeps_keys": "yes"}
    Channel.objects.update(credentials=encrypt(own))
    channel.refresh_from_db()
    return channel


def refresh_token(channel: Channel) -> str:
    channel.refresh_from_db()
    return decrypt(channel.credentials)["refresh_jwt"]


def nearly_over(channel: Channel, pds: FakePds) -> None:
    """Nine days before the end, with an access token that has long been over."""
    Channel.objects.update(expires_at=clock.now() + timedelta(days=9))
    pds.end_tokens("access")
    own = decrypt(channel.credentials)
    Channel.objects.update(credentials=encrypt(own | {"access_jwt": _ended(pds)}))


def _ended(pds: FakePds) -> str:
    return pds._new("com.atproto.appPass", -1)


def test_a_credential_far_from_its_end_is_left_alone(bluesky: Channel, pds: FakePds):
    before = len(pds.requests)
    assert care.refresh_due() == 0
    assert len(pds.requests) == before


def test_a_credential_near_its_end_is_renewed_and_its_end_moves(bluesky: Channel, pds: FakePds):
    before = refresh_token(bluesky)
    nearly_over(bluesky, pds)
    assert care.refresh_due() == 1
    assert refresh_token(bluesky) != before
    assert bluesky.expires_at > clock.now() + timedelta(days=80)
    assert bluesky.health == Health.OK


def test_a_credential_that_cannot_be_renewed_asks_to_connect_again_in_words(bluesky: Channel, pds: FakePds):
    nearly_over(bluesky, pds)
    pds.end_tokens("refresh")
    care.refresh_due()
    bluesky.refresh_from_db()
    assert bluesky.health == Health.RECONNECT
    assert bluesky.health_note


def test_a_server_that_is_away_says_nothing_about_the_credential(bluesky: Channel, pds: FakePds):
    Channel.objects.update(expires_at=clock.now() + timedelta(days=9), base_url="http://127.0.0.1:9")
    nearly_over(bluesky, pds)
    care.refresh_due()
    bluesky.refresh_from_db()
    assert bluesky.health == Health.OK


def test_an_end_that_has_come_is_said(mastodon: Channel):
    Channel.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    care.refresh_due()
    mastodon.refresh_from_db()
    assert (mastodon.health, "come to its end" in mastodon.health_note) == (Health.RECONNECT, True)


def test_a_renewal_by_somebody_else_in_the_same_moment_is_no_failure(
    bluesky: Channel, pds: FakePds, monkeypatch: pytest.MonkeyPatch
):
    nearly_over(bluesky, pds)
    pds.end_tokens("refresh")
    plain = care.adapter_for

    def overtaken(channel: Channel) -> object:
        Channel.objects.update(credentials=encrypt({"renewed": "meanwhile"}))
        return plain(channel)

    monkeypatch.setattr(care, "adapter_for", overtaken)
    care.refresh_due()
    bluesky.refresh_from_db()
    assert bluesky.health == Health.OK


def test_a_channel_that_is_publishing_is_left_to_its_worker(bluesky: Channel, pds: FakePds):
    nearly_over(bluesky, pds)
    campaign = factories.campaign(bluesky.organisation)
    post = factories.post(campaign)
    factories.translation(post, bluesky.organisation)
    Channel.objects.update(busy_item=factories.item(post, bluesky))
    assert care.refresh_due() == 0


def test_no_token_stands_in_the_log(bluesky: Channel, pds: FakePds, caplog: pytest.LogCaptureFixture):
    nearly_over(bluesky, pds)
    token = refresh_token(bluesky)
    pds.end_tokens("refresh")
    with caplog.at_level("DEBUG"):
        care.refresh_due()
    bluesky.refresh_from_db()
    assert token not in caplog.text + bluesky.health_note


def test_the_rules_of_a_channel_are_those_of_its_instance(mastodon: Channel, server: FakeMastodon):
    server.limits |= {"max_characters": 5000, "characters_reserved_per_url": 30}
    refresh_credentials()
    mastodon.refresh_from_db()
    assert mastodon.rules.limits.text == 5000
    assert mastodon.rules.measure("https://victim-support.eu") == 30


def test_what_an_instance_takes_whole_is_not_cut_into_a_thread(mastodon: Channel, server: FakeMastodon):
    campaign = factories.campaign(mastodon.organisation)
    post = factories.post(campaign)
    words = factories.translation(post, mastodon.organisation, full="Every word counts. " * 60)
    assert len(preview(post, mastodon, words.language).rendering.segments) > 1
    server.limits["max_characters"] = 5000
    care.learn_limits(mastodon)
    assert len(preview(post, mastodon, words.language).rendering.segments) == 1


def test_a_channel_without_a_credential_asks_to_be_connected(mastodon: Channel):
    """Disconnected while something of it was still being looked for."""
    Channel.objects.update(credentials="")
    mastodon.refresh_from_db()
    with pytest.raises(ReconnectError):
        adapter_for(mastodon)


def test_limits_are_asked_for_once_a_day(mastodon: Channel, server: FakeMastodon):
    assert (care.learn_due(), care.learn_due()) == (1, 0)
    with clock.shifted(timedelta(days=1, minutes=1)):
        assert care.learn_due() == 1


def test_an_instance_that_is_away_leaves_the_limits_as_they_were(mastodon: Channel, server: FakeMastodon):
    server.limits["max_characters"] = 700
    care.learn_limits(mastodon)
    server.down = True
    care.learn_limits(mastodon)
    mastodon.refresh_from_db()
    assert mastodon.rules.limits.text == 700
