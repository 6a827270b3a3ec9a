"""Connecting at an instance: the app, the consent page, the token, and letting go."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from networks.connecting import Grant
from networks.errors import LaterError, RefusedError
from networks.mastodon import MastodonAdapter, MastodonConnector
from tests.networks.fakes.base import FakeServer, Reply, Request
from tests.networks.fakes.mastodon import ACCOUNT_ID, FakeMastodon

BACK = "https://chorus.example/connect/back/"


@pytest.fixture
def server() -> Iterator[FakeMastodon]:
    with FakeMastodon() as server:
        yield server


@pytest.fixture
def connector(server: FakeMastodon) -> MastodonConnector:
    return MastodonConnector(server.url, MastodonConnector(server.url).register(BACK))


def consented(consent_url: str, answer: str = "yes") -> dict[str, str]:
    """What comes back when a person presses a button of the consent page."""
    parts = urlsplit(consent_url)
    sent = requests.post(
        f"{parts.scheme}://{parts.netloc}{parts.path}",
        data={"asked": parts.query, "answer": answer},
        allow_redirects=False,
        timeout=5,
    )
    return dict(parse_qsl(urlsplit(sent.headers["Location"]).query))


def granted(connector: MastodonConnector) -> Grant:
    consent = connector.consent(BACK, "state-1")
    (grant,) = connector.exchange(BACK, consented(consent.url), consent.kept)
    return grant


def test_the_consent_page_gets_state_scopes_and_a_challenge_and_no_secret(connector: MastodonConnector) -> None:
    consent = connector.consent(BACK, "state-1")
    asked = dict(parse_qsl(urlsplit(consent.url).query))
    assert (asked["state"], asked["redirect_uri"], asked["code_challenge_method"]) == ("state-1", BACK, "S256")
    assert connector.app is not None
    assert connector.app.client_secret not in consent.url
    assert consent.kept["verifier"] not in consent.url


def test_a_consent_gives_the_account_and_what_its_adapter_needs(
    server: FakeMastodon, connector: MastodonConnector
) -> None:
    grant = granted(connector)
    assert grant.account == MastodonAdapter(server.url, grant.credentials).whoami()
    assert grant.credentials["account_id"] == ACCOUNT_ID
    assert (grant.credentials["version"], grant.credentials["keeps_keys"]) == ("4.4.3", "yes")
    assert (set(grant.scopes), grant.expires_at, grant.base_url) == (set(connector.scopes), None, server.url)


def test_no_secret_is_shown_by_what_we_keep(connector: MastodonConnector) -> None:
    grant = granted(connector)
    assert grant.credentials["access_token"] not in repr(grant)
    assert connector.app is not None
    assert connector.app.client_secret not in repr(connector.app)


def test_a_code_is_good_for_one_exchange_with_its_own_verifier(connector: MastodonConnector) -> None:
    consent = connector.consent(BACK, "s")
    answer = consented(consent.url)
    with pytest.raises(RefusedError):
        connector.exchange(BACK, answer, {"verifier": "another"})
    connector.exchange(BACK, answer, consent.kept)
    with pytest.raises(RefusedError) as caught:
        connector.exchange(BACK, answer, consent.kept)
    assert answer["code"] not in caught.value.message


def test_no_consent_is_refused_in_words(connector: MastodonConnector) -> None:
    consent = connector.consent(BACK, "s")
    with pytest.raises(RefusedError, match="did not give its consent"):
        connector.exchange(BACK, consented(consent.url, "no"), consent.kept)


def test_another_redirect_address_is_refused_by_the_instance(connector: MastodonConnector) -> None:
    assert requests.get(connector.consent("https://evil.example/", "s").url, timeout=5).status_code == 400


def test_disconnecting_ends_the_token(server: FakeMastodon, connector: MastodonConnector) -> None:
    grant = granted(connector)
    connector.revoke(grant.credentials)
    assert server.tokens == set()
    connector.revoke(grant.credentials)


def test_less_than_what_was_asked_for_is_refused(server: FakeMastodon, connector: MastodonConnector) -> None:
    consent = connector.consent(BACK, "s")
    answer = consented(consent.url)
    server.codes[answer["code"]].scope = "read:accounts"
    with pytest.raises(RefusedError, match="less than Chorus needs"):
        connector.exchange(BACK, answer, consent.kept)


@pytest.mark.parametrize("body", [b"<h1>Hello</h1>", b"[]", b"{}", b'{"client_id": 5}'])
def test_a_server_of_another_kind_is_refused(body: bytes) -> None:
    class Website(FakeServer):
        def answer(self, request: Request) -> Reply:
            return Reply(200, body, {"Content-Type": "text/html"})

    with Website() as website, pytest.raises(RefusedError) as caught:
        MastodonConnector(website.url).register(BACK)
    assert caught.value.code == "address"


@pytest.mark.parametrize("scenario", ["server_error_before", "html", "redirect", "drop_after_accept", "half_answer"])
def test_an_instance_that_breaks_off_is_only_later(
    server: FakeMastodon, connector: MastodonConnector, scenario: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = connector.consent(BACK, "s")
    answer = consented(consent.url)
    monkeypatch.setattr(server, "irreversible", lambda request: request.path == "/oauth/token")
    server.next_answer(scenario)
    with pytest.raises(LaterError) as caught:
        connector.exchange(BACK, answer, consent.kept)
    assert answer["code"] not in caught.value.message


def test_a_server_in_the_inner_network_is_not_asked() -> None:
    with pytest.raises(RefusedError, match="not on the public internet"):
        MastodonConnector("https://10.0.0.1").register(BACK)
