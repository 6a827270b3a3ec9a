"""What keeps a network from being connected, or a channel from publishing, is said in words before anybody tries."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from networks.connecting import App
from scheduler.models import Transport
from scheduler.services import app_keys, x_guard
from tests import factories
from tests.personas import organisation_of
from tests.scheduler.connect.conftest import begin

pytestmark = pytest.mark.django_db

GRAPH = "https://graph.facebook.com"
INNER = "http://chorus.example.org"
FETCHES = "This network fetches pictures from a public https address"


@pytest.fixture
def no_public_address(settings: Settings) -> None:
    settings.PUBLIC_URL = INNER
    settings.NETWORK_SERVERS = {}
    app_keys.keep("instagram", App("id", "secret"))
    app_keys.keep("facebook", App("id", "secret"))


def network_page(browser: Client, network: str) -> str:
    return browser.get(reverse("channel_connect_network", args=["vse", network])).text


@pytest.mark.usefixtures("no_public_address")
def test_without_a_public_address_the_channel_says_that_its_pictures_cannot_be_fetched(officer: Client) -> None:
    factories.channel(organisation_of("vse"), "instagram", Transport.API, base_url=GRAPH)
    seen = officer.get(reverse("channel_list", args=["vse"])).text
    assert FETCHES in seen
    assert INNER in seen


@pytest.mark.usefixtures("no_public_address")
@pytest.mark.parametrize(("network", "transport"), [("facebook", Transport.API), ("instagram", Transport.BY_HAND)])
def test_who_fetches_nothing_is_told_nothing(officer: Client, network: str, transport: str) -> None:
    factories.channel(organisation_of("vse"), network, transport, base_url=GRAPH)
    assert FETCHES not in officer.get(reverse("channel_list", args=["vse"])).text


@pytest.mark.usefixtures("no_public_address")
def test_it_is_said_before_connecting_too(officer: Client) -> None:
    assert FETCHES in network_page(officer, "instagram")
    assert FETCHES not in network_page(officer, "facebook")
    assert FETCHES in officer.get(reverse("channel_connect", args=["vse"])).text


def test_with_a_public_address_nothing_is_said(officer: Client, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://chorus.example.org"
    app_keys.keep("instagram", App("id", "secret"))
    factories.channel(organisation_of("vse"), "instagram", Transport.API, base_url=GRAPH)
    assert FETCHES not in network_page(officer, "instagram")
    assert FETCHES not in officer.get(reverse("channel_list", args=["vse"])).text


def test_x_switched_off_is_offered_by_hand_with_the_reason_even_where_there_are_keys(
    officer: Client, settings: Settings
) -> None:
    settings.X_API = False
    app_keys.keep("x", App("id", "secret"))
    seen = network_page(officer, "x")
    assert x_guard.OFF in seen
    assert reverse("channel_by_hand", args=["vse", "x"]) in seen
    assert x_guard.OFF in officer.get(reverse("channel_connect", args=["vse"])).text


def test_nobody_is_sent_to_the_consent_page_of_a_network_that_is_switched_off(
    officer: Client, settings: Settings
) -> None:
    settings.X_API = False
    app_keys.keep("x", App("id", "secret"))
    assert "address" not in (begin(officer, "x").context or {})
    settings.X_API = True
    assert "/i/oauth2/authorize" in begin(officer, "x").context["address"]


@pytest.mark.parametrize(
    ("network", "needs"),
    [
        ("facebook", "You need the task of creating content"),
        ("instagram", "must be a professional one and linked to a Facebook Page"),
        ("linkedin", "You need the role of administrator or content administrator"),
        ("telegram", "The bot must be an administrator of the channel"),
    ],
)
def test_what_a_person_needs_at_the_network_is_said_where_they_connect(
    officer: Client, network: str, needs: str
) -> None:
    for slug in ("facebook", "instagram", "linkedin"):
        app_keys.keep(slug, App("id", "secret"))
    assert needs in network_page(officer, network)
    app_keys.forget(network)
    assert (needs in network_page(officer, network)) == (network == "telegram")  # by hand nothing of it is needed
