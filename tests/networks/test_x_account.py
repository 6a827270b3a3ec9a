"""What leaves for X byte by byte, how an account is connected and renewed, and what X's refusals mean."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from networks.connecting import App, Consent, Grant
from networks.content import CANNOT_TELL, Json, Published, ReplyTo, Segment
from networks.errors import (
    LaterError,
    NetworkError,
    ReconnectError,
    RefusedError,
    UnclearError,
)
from networks.x import adapter as x_adapter
from networks.x.adapter import XAdapter
from networks.x.connector import XConnector
from networks.x.session import wait_of
from tests.networks import samples
from tests.networks.contract import Keeper
from tests.networks.fakes.consent import CLIENT_ID, CLIENT_SECRET
from tests.networks.fakes.x import USER_ID, USERNAME, FakeX

HAND, PHONE = samples.picture("A hand — “help”"), samples.picture("Ένα τηλέφωνο")
TEXT = "Opfer & Rechte — ρωτήστε 116 006 👩‍👩‍👧 https://victim-support.eu/a"
BACK = "https://chorus.example/back"


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX() as x:
        yield x


@pytest.fixture
def adapter(x: FakeX) -> XAdapter:
    return XAdapter(x.url, x.credentials())


def send(adapter: XAdapter, segment: Segment, reply_to: ReplyTo | None = None) -> Published:
    return adapter.publish(segment, adapter.prepare(segment, {}, Keeper(), reply_to), reply_to)


def refused(x: FakeX, adapter: XAdapter, scenario: str) -> NetworkError:
    x.next_answer(scenario)
    with pytest.raises(NetworkError) as caught:
        send(adapter, Segment("Help.", "en"))
    return caught.value


def find(adapter: XAdapter, segment: Segment, parent: Published | None = None) -> object:
    prepared = adapter.prepare(segment, {}, Keeper(), None)
    return adapter.find(segment, prepared, datetime.now(UTC) - timedelta(minutes=5), parent, frozenset())


def asked(x: FakeX, path: str) -> list[Json]:
    return [request.json() for request in x.requests if request.path == path]


def uploads(x: FakeX) -> int:
    return sum(request.path == "/2/media/upload" for request in x.requests)


def test_the_typed_words_stand_in_the_bytes_that_leave(x: FakeX, adapter: XAdapter) -> None:
    send(adapter, Segment(TEXT, "de", (HAND, PHONE)))
    assert asked(x, "/2/tweets")[0]["text"] == TEXT
    alts = [body["metadata"]["alt_text"]["text"] for body in asked(x, "/2/media/metadata")]
    assert alts == [HAND.alt, PHONE.alt]
    assert list(x.pictures.values()) == [HAND.read(), PHONE.read()]


def test_a_picture_is_uploaded_and_described_once_however_often_it_is_prepared(x: FakeX, adapter: XAdapter) -> None:
    keeper, segment = Keeper(), Segment("Help.", "en", (HAND,))
    for _ in range(3):
        adapter.prepare(segment, keeper.kept, keeper, None)
    assert (uploads(x), len(asked(x, "/2/media/metadata"))) == (1, 1)


def test_an_upload_that_is_old_is_made_again(x: FakeX, adapter: XAdapter) -> None:
    keeper, segment = Keeper(), Segment("Help.", "en", (HAND,))
    adapter.prepare(segment, {}, keeper, None)
    keeper.kept["media"][HAND.digest]["at"] -= x_adapter.MEDIA_LIFE + 1
    adapter.prepare(segment, keeper.kept, keeper, None)
    assert (uploads(x), len(asked(x, "/2/media/metadata"))) == (2, 2)


def test_a_picture_without_an_alt_text_costs_no_second_call(x: FakeX, adapter: XAdapter) -> None:
    send(adapter, Segment("Help.", "en", (samples.picture(" "),)))
    assert asked(x, "/2/media/metadata") == []


def test_a_connection_without_the_right_to_upload_must_be_connected_again(x: FakeX, adapter: XAdapter) -> None:
    x.consents.access = dict.fromkeys(x.consents.access, "tweet.write")
    with pytest.raises(ReconnectError, match="upload pictures"):
        adapter.prepare(Segment("Help.", "en", (HAND,)), {}, Keeper(), None)


@pytest.mark.parametrize(
    ("scenario", "kind", "code"),
    [
        ("suspended", ReconnectError, "http-403"),
        ("app_forbidden", ReconnectError, "client-forbidden"),
        ("not_permitted", RefusedError, "http-403"),
        ("no_credits", LaterError, "credits-used-up"),
        ("list_error", UnclearError, "unreadable"),
        ("null_errors", UnclearError, "unreadable"),
    ],
)
def test_each_refusal_ends_in_its_own_error(
    x: FakeX, adapter: XAdapter, scenario: str, kind: type[NetworkError], code: str
) -> None:
    error = refused(x, adapter, scenario)
    assert (type(error), error.code) == (kind, code)


def test_a_text_over_the_limit_is_refused_by_the_server_too(adapter: XAdapter) -> None:
    with pytest.raises(RefusedError, match="280"):
        send(adapter, Segment("€" * 141, "en"))


def test_the_server_refuses_what_the_description_does_not_know(x: FakeX, adapter: XAdapter) -> None:
    with pytest.raises(RefusedError, match="Additional properties"):
        adapter._session.ask(lambda client: client.request("POST", "/2/tweets", json={"text": "a", "lang": "el"}))


def test_a_post_with_pictures_and_a_bare_link_is_found(adapter: XAdapter) -> None:
    segment = Segment("R & D <b>: victim-support.eu/help/ and\n\nhttps://Example.org 👩‍👩‍👧", "en", (HAND,))
    published = send(adapter, segment)
    assert find(adapter, segment) == published


def test_a_reply_is_no_post_of_its_own_and_found_even_where_x_names_no_parent(x: FakeX, adapter: XAdapter) -> None:
    root = send(adapter, Segment("One.", "en"))
    reply = send(adapter, Segment("Two.", "en"), ReplyTo(root, root))
    assert find(adapter, Segment("Two.", "en")) is None
    x.names_parents = False
    assert find(adapter, Segment("Two.", "en"), root) == reply


def test_more_posts_than_one_answer_holds_means_that_nobody_can_tell(
    adapter: XAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x_adapter, "MOST_READ", 5)
    for number in range(6):
        send(adapter, Segment(f"Post {number}", "en"))
    assert find(adapter, Segment("Another", "en")) is CANNOT_TELL


def test_the_fields_are_asked_for_under_their_older_name_where_x_wants_it(x: FakeX, adapter: XAdapter) -> None:
    x.old_names = True
    published = send(adapter, Segment("Help.", "en"))
    assert find(adapter, Segment("Help.", "en")) == published
    assert adapter.metrics(published.remote_id).likes == 3


def test_numbers_are_read(adapter: XAdapter) -> None:
    told = adapter.metrics(send(adapter, Segment("Help.", "en")).remote_id)
    assert (told.likes, told.shares, told.replies, told.views) == (3, 5, 2, 6)


def test_a_repost_names_the_post_it_shows(x: FakeX, adapter: XAdapter) -> None:
    assert adapter.reshare("1346889436626259968").url == "https://x.com/i/web/status/1346889436626259968"
    assert x.shared == ["1346889436626259968"]


def test_deleting_twice_is_no_error(x: FakeX, adapter: XAdapter) -> None:
    published = send(adapter, Segment("Help.", "en"))
    adapter.delete(published.remote_id)
    adapter.delete(published.remote_id)
    assert x.kept == []


def test_a_token_that_ends_soon_is_renewed_and_told_at_once(x: FakeX) -> None:
    stored: list[dict[str, str]] = []
    old = x.credentials() | {"expires_at": str(int(time.time()) + 60)}
    made = XAdapter(x.url, old, lambda new: stored.append(dict(new)))
    assert made.refresh() == stored[0]
    assert stored[0]["refresh_token"] not in (old["refresh_token"], "")
    assert stored[0]["user_id"] == USER_ID
    assert made.whoami().name == f"@{USERNAME}"


def test_a_token_that_is_over_is_renewed_and_the_post_comes_again_later(x: FakeX) -> None:
    stored: list[dict[str, str]] = []
    made = XAdapter(x.url, x.credentials(), lambda new: stored.append(dict(new)))
    x.consents.access.clear()
    with pytest.raises(LaterError) as caught:
        send(made, Segment("Help.", "en"))
    assert (caught.value.code, len(stored), x.kept) == ("token-renewed", 1, [])
    send(made, Segment("Help.", "en"))
    x.consents.access.clear()
    with pytest.raises(ReconnectError):  # a token of this minute that is refused is not renewed again
        send(made, Segment("Help again.", "en"))
    assert len(stored) == 1


def test_the_wait_is_until_the_reset_of_what_is_used_up() -> None:
    headers = {"x-rate-limit-reset": "1060", "x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": "4600"}
    assert wait_of(headers, 1000.0) == 3600.0
    assert wait_of({"x-rate-limit-reset": "1060"}, 1000.0) == 60.0
    assert wait_of({"Retry-After": "5"}, 1000.0) == 5.0
    assert wait_of({}, 1000.0) is None


def connector(x: FakeX) -> XConnector:
    return XConnector(x.url, App(CLIENT_ID, CLIENT_SECRET))


def walk(consent: Consent, answer: str = "yes") -> dict[str, str]:
    """What a browser brings back from the consent page."""
    assert "Authorize app" in requests.get(consent.url, timeout=5).text
    back = requests.post(consent.url, data={"answer": answer}, timeout=5, allow_redirects=False)
    assert back.headers["Location"].startswith(f"{BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(back.headers["Location"]).query).items()}


def connected(x: FakeX) -> Grant:
    consent = connector(x).consent(BACK, "the-state")
    (grant,) = connector(x).exchange(BACK, walk(consent), consent.kept)
    return grant


def test_a_person_can_walk_through_the_consent_and_post(x: FakeX) -> None:
    grant = connected(x)
    assert (grant.account.remote_id, grant.account.url) == (USER_ID, f"https://x.com/{USERNAME}")
    assert "media.write" in grant.scopes
    assert send(XAdapter(grant.base_url, grant.credentials), Segment("Help.", "en")).url.startswith("https://x.com/")


def test_the_consent_page_is_xs_own_with_state_and_a_challenge() -> None:
    consent = XConnector("https://api.x.com", App(CLIENT_ID, CLIENT_SECRET)).consent(BACK, "the-state")
    asked_for = parse_qs(urlsplit(consent.url).query)
    assert consent.url.startswith("https://x.com/i/oauth2/authorize?")
    assert (asked_for["state"], asked_for["code_challenge_method"]) == (["the-state"], ["S256"])
    assert consent.kept["verifier"] not in consent.url


def test_a_refused_consent_is_said_in_words(x: FakeX) -> None:
    consent = connector(x).consent(BACK, "the-state")
    with pytest.raises(RefusedError, match="not allowed"):
        connector(x).exchange(BACK, walk(consent, "no"), consent.kept)


def test_a_code_with_another_verifier_is_refused_without_showing_it(x: FakeX) -> None:
    answer = walk(connector(x).consent(BACK, "the-state"))
    with pytest.raises(RefusedError) as caught:
        connector(x).exchange(BACK, answer, {"verifier": "another-verifier"})
    assert answer["code"] not in caught.value.message
    assert "another-verifier" not in caught.value.message


def test_a_right_that_was_not_given_is_named(x: FakeX, monkeypatch: pytest.MonkeyPatch) -> None:
    consent = connector(x).consent(BACK, "the-state")
    answer = walk(consent)
    x.consents.codes[answer["code"]].scope = "tweet.read tweet.write users.read offline.access"
    with pytest.raises(RefusedError, match=r"media\.write"):
        connector(x).exchange(BACK, answer, consent.kept)


def test_revoking_ends_both_tokens(x: FakeX) -> None:
    grant = connected(x)
    connector(x).revoke(grant.credentials)
    assert (x.consents.access, x.consents.refresh) == ({}, {})


def test_no_secret_stands_in_what_connecting_shows(x: FakeX) -> None:
    grant = connected(x)
    shown = repr([grant, App(CLIENT_ID, CLIENT_SECRET), XAdapter(grant.base_url, grant.credentials)._session.http])
    for secret in (CLIENT_SECRET, grant.credentials["access_token"], grant.credentials["refresh_token"]):
        assert secret not in shown
