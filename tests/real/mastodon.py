"""Mastodon's sign-in and wire format against snac, a real server. Run by `python -m tests.real`.

snac knows neither Idempotency-Key nor /api/v2/instance; those are compared with the contract's server alone.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from networks.connecting import Grant
from networks.content import Prepared, Published, ReplyTo, Segment
from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError
from networks.mastodon import Mastodon, MastodonAdapter, MastodonConnector
from networks.mastodon.reading import text_of
from tests.networks import samples
from tests.networks.contract import Keeper

BACK = "http://127.0.0.1:9/channels/consented/"
TEXT = "Opferhilfe: https://victim-support.eu/help – #Helpline116006 👩‍👩‍👧 & <b>Hilfe</b>"


@pytest.fixture(scope="session")
def address() -> str:
    return os.environ["CHORUS_REAL_SNAC"]


@pytest.fixture(scope="session")
def connector(address: str) -> MastodonConnector:
    return MastodonConnector(address, MastodonConnector(address).register(BACK))


def consented(url: str, address: str, password: str) -> dict[str, str]:
    """What snac sends back when its account signs in on its consent page."""
    asked = dict(parse_qsl(urlsplit(url).query))
    fields = {
        "login": os.environ["CHORUS_REAL_SNAC_ACCOUNT"], "passwd": password, "redir": asked["redirect_uri"],
        "cid": asked["client_id"], "state": asked["state"],
    }  # fmt: skip
    sent = requests.post(f"{address}/oauth/x-snac-login", data=fields, allow_redirects=False, timeout=10)
    return dict(parse_qsl(urlsplit(sent.headers.get("Location", "")).query))


@pytest.fixture(scope="session")
def grant(address: str, connector: MastodonConnector) -> Grant:
    consent = connector.consent(BACK, "the-state")
    assert requests.get(consent.url, timeout=10).status_code == 200
    answer = consented(consent.url, address, os.environ["CHORUS_REAL_SNAC_PASSWORD"])
    assert answer["state"] == "the-state"
    (grant,) = connector.exchange(BACK, answer, consent.kept)
    return grant


@pytest.fixture
def adapter(address: str, grant: Grant) -> MastodonAdapter:
    return MastodonAdapter(address, grant.credentials)


@pytest.fixture
def segment() -> Segment:
    """Words that no other test has sent."""
    return Segment(f"{TEXT} {secrets.token_hex(4)}", "de")


def send(adapter: MastodonAdapter, segment: Segment, reply_to: ReplyTo | None = None) -> Published:
    return adapter.publish(segment, adapter.prepare(segment, {}, Keeper(), reply_to), reply_to)


def status(adapter: MastodonAdapter, remote_id: str) -> Mapping[str, object]:
    """As the server holds it. «Later» is taken at its word, as a worker takes it: snac closes idle connections."""
    for _ in range(3):
        try:
            return dict(adapter._client.call(lambda api: api.status(remote_id)))
        except LaterError:
            continue
    return dict(adapter._client.call(lambda api: api.status(remote_id)))


def find(adapter: MastodonAdapter, segment: Segment, parent: Published | None = None) -> object:
    since = datetime.now(UTC) - timedelta(minutes=5)
    return adapter.find(segment, Prepared(), since, parent, frozenset())


def test_the_account_that_consented_is_the_one_that_is_named(adapter: MastodonAdapter, grant: Grant) -> None:
    assert adapter.whoami() == grant.account
    assert grant.account.name.startswith("@alice@127.0.0.1")


def test_it_is_not_trusted_with_idempotency_keys(grant: Grant, adapter: MastodonAdapter) -> None:
    now = datetime.now(UTC)
    assert grant.credentials["keeps_keys"] == "no"
    assert not adapter.repeat_is_harmless(now, now)


def test_its_limits_are_read_by_the_older_call(adapter: MastodonAdapter) -> None:
    assert Mastodon().with_limits(adapter.limits()).limits.text > 500


def test_a_post_stands_there_as_it_was_sent(adapter: MastodonAdapter, segment: Segment) -> None:
    """All but its language, which snac 2.75 does not keep."""
    stored = status(adapter, send(adapter, segment).remote_id)
    assert text_of(str(stored["content"])).replace("\n", " ").startswith("Opferhilfe: https://victim-support.eu/help")


def test_a_picture_arrives_with_its_description(adapter: MastodonAdapter, segment: Segment) -> None:
    """One: of a list in a form snac 2.75 takes the last entry alone, so several are the contract server's to check."""
    pictures = (samples.picture("A hand, «116 006»"),)
    stored: Any = status(adapter, send(adapter, replace(segment, pictures=pictures)).remote_id)
    assert [one["description"] for one in stored["media_attachments"]] == ["A hand, «116 006»"]


def test_a_content_warning_arrives(adapter: MastodonAdapter, segment: Segment) -> None:
    stored = status(adapter, send(adapter, replace(segment, warning="Gewalt")).remote_id)
    assert stored["spoiler_text"] == "Gewalt"


def test_a_post_is_found_by_its_text(adapter: MastodonAdapter, segment: Segment) -> None:
    plain = replace(segment, text=f"Opferhilfe: 116 006 – #Helpline116006 {secrets.token_hex(4)}")
    assert find(adapter, plain) is None
    published = send(adapter, plain)
    assert find(adapter, plain) == published


def test_a_thread_hangs_together(adapter: MastodonAdapter, segment: Segment) -> None:
    root = send(adapter, replace(segment, of=2))
    second = send(adapter, Segment("Zweiter Teil", "de", position=1, of=2), ReplyTo(root, root))
    assert status(adapter, second.remote_id)["in_reply_to_id"] == root.remote_id


def test_a_server_that_cannot_delete_is_not_said_to_have_deleted(adapter: MastodonAdapter, segment: Segment) -> None:
    """snac 2.75 answers 404 with a page; later ones can delete."""
    published = send(adapter, segment)
    try:
        adapter.delete(published.remote_id)
    except NetworkError:
        assert find_text(adapter, published)


def find_text(adapter: MastodonAdapter, published: Published) -> object:
    return status(adapter, published.remote_id)["content"]


def test_the_numbers_of_a_post(adapter: MastodonAdapter, segment: Segment) -> None:
    metrics = adapter.metrics(send(adapter, segment).remote_id)
    assert (metrics.likes, metrics.shares) == (0, 0)


def test_a_wrong_password_gives_no_code(address: str, connector: MastodonConnector) -> None:
    consent = connector.consent(BACK, "s")
    with pytest.raises(RefusedError):
        connector.exchange(BACK, consented(consent.url, address, "wrong"), consent.kept)


def test_a_dead_token_asks_to_reconnect(address: str, grant: Grant, segment: Segment) -> None:
    adapter = MastodonAdapter(address, {**grant.credentials, "access_token": "made-up"})
    with pytest.raises(ReconnectError):
        send(adapter, segment)
