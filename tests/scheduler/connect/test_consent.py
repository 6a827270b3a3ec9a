"""To an instance's consent page and back: what is kept, what is compared, and what comes of it."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.crypto import decrypt
from scheduler import clock
from scheduler.models import AppKey, Channel, Health, PendingConnection, Transport
from scheduler.services import connect as service
from scheduler.services import pending
from tests.networks.fakes.mastodon import ACCOUNT_ID, FakeMastodon
from tests.personas import client_of, organisation_of, user_of
from tests.scheduler.connect.conftest import answer_of, begin, come_back, connect

pytestmark = pytest.mark.django_db


def test_a_consent_becomes_a_channel(officer: Client, server: FakeMastodon):
    page = connect(officer, server)
    channel = Channel.objects.get()
    assert "is connected" in page.text
    assert (channel.network, channel.transport, channel.health) == ("mastodon", Transport.API, Health.OK)
    assert channel.remote_id.startswith(f"{ACCOUNT_ID}@127.0.0.1")
    assert channel.base_url == server.url


def test_the_page_says_who_connected_it_what_it_may_and_when_it_ends(officer: Client, server: FakeMastodon):
    page = connect(officer, server)
    assert "connected by Communications officer" in page.text
    assert "access without an end" in page.text
    assert "write:statuses" in page.text


def test_the_token_is_encrypted_and_on_no_page(officer: Client, server: FakeMastodon):
    page = connect(officer, server)
    (token,) = server.tokens
    stored = Channel.objects.get().credentials
    assert token not in stored
    assert decrypt(stored)["access_token"] == token
    assert token not in page.text


def test_before_leaving_a_page_says_where_it_goes(officer: Client, server: FakeMastodon):
    page = begin(officer, "mastodon", server.url)
    assert page.context["address"].startswith(f"{server.url}/oauth/authorize?")
    assert server.url.removeprefix("http://") in page.text


def test_the_redirect_address_is_exactly_the_registered_one(officer: Client, server: FakeMastodon):
    begin(officer, "mastodon", server.url)
    (registered,) = (redirect for _secret, redirect in server.apps.values())
    assert registered == service.redirect_uri() == f"{settings.PUBLIC_URL}/channels/consented/"


def test_an_app_is_registered_once_while_somebody_uses_it(officer: Client, server: FakeMastodon):
    connect(officer, server)
    begin(officer, "mastodon", server.url)
    assert len(server.apps) == AppKey.objects.count() == 1


def test_an_app_that_nobody_came_to_use_is_registered_anew(officer: Client, server: FakeMastodon):
    """An instance forgets such an app after a day."""
    begin(officer, "mastodon", server.url)
    begin(officer, "mastodon", server.url)
    assert (len(server.apps), AppKey.objects.count()) == (2, 1)


def test_the_app_s_secret_is_encrypted(officer: Client, server: FakeMastodon):
    begin(officer, "mastodon", server.url)
    ((secret, _redirect),) = server.apps.values()
    assert secret not in AppKey.objects.get().credentials


def test_neither_state_nor_verifier_stands_in_the_database(officer: Client, server: FakeMastodon):
    state = answer_of(begin(officer, "mastodon", server.url).context["address"])["state"]
    journey = PendingConnection.objects.get()
    assert state not in (journey.state_digest, journey.kept)
    assert decrypt(journey.kept)["verifier"] not in journey.kept


def test_a_state_is_good_for_one_use(officer: Client, server: FakeMastodon):
    answer = answer_of(begin(officer, "mastodon", server.url).context["address"])
    come_back(officer, answer)
    assert "has been used" in come_back(officer, answer).text
    assert len(server.tokens) == 1


def test_a_state_lives_ten_minutes(officer: Client, server: FakeMastodon):
    answer = answer_of(begin(officer, "mastodon", server.url).context["address"])
    with clock.shifted(timedelta(minutes=10, seconds=1)):
        assert "older than ten minutes" in come_back(officer, answer).text
    assert not Channel.objects.exists()


@pytest.mark.parametrize("other", ["admin", "editor_fr"])
def test_somebody_else_s_browser_cannot_bring_it_back(officer: Client, server: FakeMastodon, other: str):
    answer = answer_of(begin(officer, "mastodon", server.url).context["address"])
    come_back(client_of(other), answer)
    assert not Channel.objects.exists()


def test_the_same_person_in_another_session_cannot_bring_it_back(officer: Client, server: FakeMastodon):
    answer = answer_of(begin(officer, "mastodon", server.url).context["address"])
    come_back(client_of("officer"), answer)
    assert not Channel.objects.exists()
    come_back(officer, answer)
    assert Channel.objects.exists()


def test_a_state_that_nobody_gave_out_does_nothing(officer: Client, server: FakeMastodon):
    begin(officer, "mastodon", server.url)
    come_back(officer, {"code": "x", "state": "made-up"})
    come_back(officer, {"code": "x"})
    assert not Channel.objects.exists()


def test_whoever_may_no_longer_connect_comes_back_to_nothing(server: FakeMastodon):
    browser, person = client_of("officer"), user_of("officer")
    answer = answer_of(begin(browser, "mastodon", server.url).context["address"])
    person.membership_set.update(role="viewer")
    assert come_back(browser, answer).status_code == 404
    assert not Channel.objects.exists()


def test_a_refusal_is_said_and_nothing_is_stored(officer: Client, server: FakeMastodon):
    page = come_back(officer, answer_of(begin(officer, "mastodon", server.url).context["address"], "no"))
    assert "did not give its consent" in page.text
    assert not Channel.objects.exists()


def test_an_instance_that_breaks_off_is_said_without_its_code(
    officer: Client, server: FakeMastodon, monkeypatch: pytest.MonkeyPatch
):
    answer = answer_of(begin(officer, "mastodon", server.url).context["address"])
    monkeypatch.setattr(server, "irreversible", lambda request: request.path == "/oauth/token")
    server.next_answer("drop_after_accept")
    page = come_back(officer, answer)
    assert "no usable answer" in page.text
    assert answer["code"] not in page.text


@pytest.mark.parametrize(
    "typed", ["https://10.0.0.1", "http://169.254.169.254/latest", "localhost", "not a server", ""]
)
def test_a_server_that_is_none_for_us_is_said_next_to_its_field(officer: Client, typed: str):
    address = reverse("channel_connect_network", args=["vse", "mastodon"])
    answer = officer.post(address, {"server": typed})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["server"]


def test_an_account_is_connected_to_one_organisation(officer: Client, editor_fr: Client, server: FakeMastodon):
    connect(editor_fr, server, "france-victimes")
    assert "connected to another organisation" in connect(officer, server).text
    assert Channel.objects.get().organisation == organisation_of("france-victimes")


def test_disconnecting_ends_the_token_there_and_keeps_the_channel_here(officer: Client, server: FakeMastodon):
    connect(officer, server)
    channel = Channel.objects.get()
    page = officer.post(reverse("channel_disconnect", args=["vse", channel.pk]), follow=True)
    channel.refresh_from_db()
    assert "the network has been told" in page.text
    assert (channel.credentials, channel.health, server.tokens) == ("", Health.DISCONNECTED, set())


def test_an_instance_that_is_away_does_not_keep_anybody_from_disconnecting(officer: Client, server: FakeMastodon):
    connect(officer, server)
    server.down = True
    page = officer.post(reverse("channel_disconnect", args=["vse", Channel.objects.get().pk]), follow=True)
    assert "Take Chorus" in page.text
    assert Channel.objects.get().credentials == ""


def test_connecting_again_mends_the_channel_that_is_there(officer: Client, server: FakeMastodon):
    connect(officer, server)
    Channel.objects.update(health=Health.RECONNECT, health_note="gone")
    connect(officer, server)
    assert Channel.objects.get().health == Health.OK


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_with_one_state_one_takes_it(transactional_db: None):
    user, own = user_of("officer"), organisation_of("vse")
    pending.start(user, own, "mastodon", "https://m.example", "session", "state", {})
    ready, taken = threading.Barrier(4), list[bool]()

    def take() -> None:
        ready.wait()
        try:
            pending.take(user, "session", "state")
            taken.append(True)
        except pending.NoJourneyError:
            taken.append(False)
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False, False, False, True]
