"""Connecting Pages and Instagram accounts: the consent page, the tokens, what can be chosen, what is refused."""

import re
import time
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from networks.connecting import App, Grant
from networks.errors import LaterError, RefusedError
from networks.facebook.adapter import FacebookAdapter
from networks.facebook.connector import FacebookConnector
from networks.instagram.adapter import InstagramAdapter
from networks.instagram.connector import InstagramConnector
from networks.meta.connecting import GRAPH_URL, MetaConnector
from networks.meta.version import GRAPH
from networks.registry import get
from tests.networks.fakes.base import Reply
from tests.networks.fakes.meta import APP_ID, APP_SECRET, CONFIGURATION, REDIRECT, USER, FakeGraph

APP = App(APP_ID, APP_SECRET)


@pytest.fixture
def server() -> Iterator[FakeGraph]:
    with FakeGraph() as server:
        yield server


@pytest.fixture
def facebook(server: FakeGraph) -> FacebookConnector:
    return FacebookConnector(server.url, APP)


def click(connector: MetaConnector, choice: str = "Continue") -> dict[str, str]:
    """What comes back when the person clicks on the consent page."""
    consent = connector.consent(REDIRECT, "state-123")
    page = requests.get(consent.url, timeout=5).text
    (link,) = re.findall(rf"<a href='([^']+)'>{choice}", page)
    back = requests.get(f"{connector.base_url}{unescape(link)}", timeout=5, allow_redirects=False)
    assert back.headers["Location"].startswith(f"{REDIRECT}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(back.headers["Location"]).query).items()}


def connect(connector: MetaConnector) -> list[Grant]:
    return list(connector.exchange(REDIRECT, click(connector), {}))


def test_the_consent_page_is_meta_s_with_state_and_scopes() -> None:
    parts = urlsplit(FacebookConnector(GRAPH_URL, APP).consent(REDIRECT, "state-123").url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"https://www.facebook.com/{GRAPH.version}/dialog/oauth"
    assert asked == {
        "client_id": APP_ID,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "state": "state-123",
        "scope": "pages_show_list,pages_read_engagement,pages_manage_posts,business_management",
    }


def test_with_a_configuration_the_permissions_stand_in_that() -> None:
    url = FacebookConnector(GRAPH_URL, App(APP_ID, APP_SECRET, CONFIGURATION)).consent(REDIRECT, "s").url
    asked = parse_qs(urlsplit(url).query)
    assert (asked["config_id"], "scope" in asked) == ([CONFIGURATION], False)


def test_the_state_comes_back(facebook: FacebookConnector) -> None:
    assert click(facebook)["state"] == "state-123"


def test_every_page_on_which_one_may_post_can_be_chosen(server: FakeGraph, facebook: FacebookConnector) -> None:
    grants = connect(facebook)
    assert [grant.account.name for grant in grants] == ["Victim Support Test", "A second Page"]
    assert [grant.credentials["access_token"] for grant in grants] == [server.pages[0].token, server.pages[2].token]
    assert {(grant.base_url, grant.expires_at) for grant in grants} == {(server.url, None)}
    assert set(facebook.scopes) <= set(grants[0].scopes)


def test_a_grant_makes_an_adapter_that_knows_its_page(facebook: FacebookConnector) -> None:
    for grant in connect(facebook):
        assert FacebookAdapter(grant.base_url, grant.credentials).whoami() == grant.account


def test_an_instagram_account_is_found_through_its_page(server: FakeGraph) -> None:
    (grant,) = connect(InstagramConnector(server.url, APP))
    assert (grant.account.name, grant.account.url) == (
        "victimsupporttest",
        "https://www.instagram.com/victimsupporttest/",
    )
    assert set(grant.credentials) == {"ig_id", "username", "access_token", "appsecret_proof"}


def test_secrets_travel_in_bodies_and_headers_and_the_persons_token_is_not_given_away(
    server: FakeGraph, facebook: FacebookConnector
) -> None:
    grants = connect(facebook)
    addresses = " ".join(f"{one.path} {dict(one.query)}" for one in server.requests if "dialog" not in one.path)
    people = [token for token, owner in server.tokens.items() if owner == USER]
    assert [secret for secret in (APP_SECRET, *people) if secret in addresses] == []
    assert not any(token in str(dict(grant.credentials)) for token in people for grant in grants)


def test_nothing_of_a_grant_shows_in_a_repr(server: FakeGraph, facebook: FacebookConnector) -> None:
    assert [one for one in (APP_SECRET, *server.tokens) if one in repr(connect(facebook)) + repr(facebook.app)] == []


def test_who_cancels_is_told_that_nothing_was_connected(facebook: FacebookConnector) -> None:
    with pytest.raises(RefusedError, match="consent was not given"):
        facebook.exchange(REDIRECT, click(facebook, "Cancel"), {})


def test_a_redirect_without_a_code_is_refused(facebook: FacebookConnector) -> None:
    with pytest.raises(RefusedError, match="no code"):
        facebook.exchange(REDIRECT, {"error": "server_error"}, {})


def test_a_code_serves_once_and_for_its_own_address(facebook: FacebookConnector) -> None:
    answer = click(facebook)
    facebook.exchange(REDIRECT, answer, {})
    with pytest.raises(RefusedError, match="has been used"):
        facebook.exchange(REDIRECT, answer, {})
    with pytest.raises(RefusedError):
        facebook.exchange(f"{REDIRECT}/elsewhere", click(facebook), {})


def test_a_missing_permission_is_named(server: FakeGraph, facebook: FacebookConnector) -> None:
    server.scopes.remove("pages_manage_posts")
    with pytest.raises(RefusedError, match="pages_manage_posts"):
        connect(facebook)


def test_a_person_outside_a_business_portfolio_is_not_refused(server: FakeGraph, facebook: FacebookConnector) -> None:
    server.scopes.remove("business_management")
    assert len(connect(facebook)) == 2


def test_without_a_page_it_says_what_to_do(server: FakeGraph, facebook: FacebookConnector) -> None:
    server.pages = [server.pages[1]]
    with pytest.raises(RefusedError, match="no Page on which this person may create content"):
        connect(facebook)


def test_without_an_instagram_account_it_says_what_to_do(server: FakeGraph) -> None:
    server.pages = server.pages[1:]
    with pytest.raises(RefusedError, match="professional"):
        connect(InstagramConnector(server.url, APP))


def test_without_keys_of_an_app_it_says_who_must_act() -> None:
    with pytest.raises(RefusedError, match="operator"):
        FacebookConnector(GRAPH_URL).consent(REDIRECT, "s")


@pytest.mark.parametrize("app", [App(APP_ID, "wrong-secret"), App("999", APP_SECRET)])
def test_wrong_keys_of_the_app_are_a_matter_for_the_operator(
    server: FakeGraph, facebook: FacebookConnector, app: App
) -> None:
    answer = click(facebook)
    with pytest.raises(RefusedError, match="operator") as caught:
        FacebookConnector(server.url, app).exchange(REDIRECT, answer, {})
    assert app.client_secret not in caught.value.message


def test_a_fault_of_meta_while_connecting_means_later(server: FakeGraph, facebook: FacebookConnector) -> None:
    answer = click(facebook)
    server.answer = lambda _request: Reply.of(400, {"error": {"code": 2, "message": "Try later"}})  # type: ignore[method-assign]
    with pytest.raises(LaterError):
        facebook.exchange(REDIRECT, answer, {})


def test_a_dead_token_on_the_way_is_a_refusal_since_nobody_is_connected_yet(
    server: FakeGraph, facebook: FacebookConnector
) -> None:
    answer = click(facebook)
    server.answer = lambda _request: Reply.of(400, {"error": {"code": 190, "message": "gone"}})  # type: ignore[method-assign]
    with pytest.raises(RefusedError, match="Begin connecting again"):
        facebook.exchange(REDIRECT, answer, {})


def test_a_person_does_not_wait_for_a_network_that_does_not_answer(
    facebook: FacebookConnector, server: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = click(facebook)
    monkeypatch.setattr("networks.meta.connecting.CALL_SECONDS", 0.3)
    server.next_answer("hang_after_accept")
    began = time.monotonic()
    with pytest.raises(LaterError):
        facebook.exchange(REDIRECT, answer, {})
    assert time.monotonic() - began < 3


def test_an_answer_without_a_token_means_later(server: FakeGraph, facebook: FacebookConnector) -> None:
    answer = click(facebook)
    server.answer = lambda _request: Reply.of(200, {"token_type": "bearer"})  # type: ignore[method-assign]
    with pytest.raises(LaterError):
        facebook.exchange(REDIRECT, answer, {})


@pytest.mark.parametrize("slug", ["facebook", "instagram"])
def test_the_registry_names_what_exists(slug: str) -> None:
    module, _, name = get(slug).connector.partition(":")
    assert issubclass(getattr(__import__(module, fromlist=[name]), name), MetaConnector)
    module, _, name = get(slug).adapter.partition(":")
    assert getattr(__import__(module, fromlist=[name]), name) in (FacebookAdapter, InstagramAdapter)
    assert get(slug).api_version is GRAPH
