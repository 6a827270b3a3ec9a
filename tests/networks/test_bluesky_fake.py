"""The PDS of the tests is as strict as the real one, and stricter where that finds our mistakes."""

from collections.abc import Iterator

import pytest

from networks.content import Json
from networks.http import Answer, Http
from tests.networks.fakes.bluesky import APP_PASSWORD, DID, HANDLE, POST, FakePds, cid

KEY = "3kznmn7xqxl22"
GOOD = {"$type": POST, "text": "Hi Ω #Ω", "createdAt": "2026-11-24T10:00:00.000Z"}


@pytest.fixture
def pds() -> Iterator[FakePds]:
    with FakePds() as pds:
        yield pds


def call(pds: FakePds, method: str, body: Json, token: str = "") -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Http(pds.url).request("POST", f"/xrpc/{method}", json=body, headers=headers)


def token(pds: FakePds) -> str:
    signed = call(pds, "com.atproto.server.createSession", {"identifier": HANDLE, "password": APP_PASSWORD})
    return str(signed.json()["accessJwt"])


def put(pds: FakePds, record: Json, key: str = KEY, **more: Json) -> Answer:
    body = {"repo": DID, "collection": POST, "rkey": key, "record": record, **more}
    return call(pds, "com.atproto.repo.putRecord", body, token(pds))


def image(**changes: Json) -> Json:
    blob = {"$type": "blob", "ref": {"$link": cid(0x55, b"x")}, "mimeType": "image/png", "size": 1}
    embed = {"$type": "app.bsky.embed.images", "images": [{"image": {**blob, **changes}, "alt": ""}]}
    return {**GOOD, "embed": embed}


def facet(start: int, end: int) -> Json:
    feature = {"$type": "app.bsky.richtext.facet#tag", "tag": "x"}
    return {**GOOD, "facets": [{"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}]}


def test_a_good_record_is_taken(pds: FakePds) -> None:
    assert put(pds, GOOD).status == 200


@pytest.mark.parametrize(
    "record",
    [
        {**GOOD, "txt": "x"},
        {name: value for name, value in GOOD.items() if name != "createdAt"},
        {**GOOD, "createdAt": "yesterday"},
        {**GOOD, "text": 5},
        {**GOOD, "text": "é" * 301},
        {**GOOD, "langs": ["en", "de", "fr", "el"]},
        {**GOOD, "langs": ["not a language"]},
        {**GOOD, "$type": "app.bsky.feed.like"},
        {**GOOD, "embed": {"$type": "app.bsky.embed.film"}},
        {**GOOD, "reply": {"root": {"uri": "at://x", "cid": "y"}, "parent": {"uri": "at://x", "cid": "y"}}},
        image(),
        image(size=2_000_001),
        image(mimeType="application/pdf"),
        facet(0, 50),
        facet(4, 4),
        facet(3, 4),
    ],
)
def test_a_record_that_breaks_a_rule_is_refused(pds: FakePds, record: Json) -> None:
    assert put(pds, record).status == 400
    assert pds.records == {}


def test_an_unknown_field_of_the_input_is_refused(pds: FakePds) -> None:
    assert put(pds, GOOD, extra=True).details()["error"] == "InvalidRequest"


def test_a_key_that_is_no_tid_is_refused(pds: FakePds) -> None:
    assert put(pds, GOOD, key="abc").status == 400


def test_an_equal_record_changes_nothing_and_another_one_gets_another_cid(pds: FakePds) -> None:
    first, again, other = (put(pds, record).json()["cid"] for record in (GOOD, GOOD, {**GOOD, "text": "Other"}))
    assert (first == again, first == other, len(pds.records)) == (True, False, 1)


def test_creating_under_a_taken_key_is_an_error_of_the_server(pds: FakePds) -> None:
    put(pds, GOOD)
    body = {"repo": DID, "collection": POST, "rkey": KEY, "record": GOOD}
    headers = {"Authorization": f"Bearer {token(pds)}"}
    with pytest.raises(Exception, match="500"):
        Http(pds.url).request("POST", "/xrpc/com.atproto.repo.createRecord", json=body, headers=headers)


def test_a_call_without_a_token_is_401(pds: FakePds) -> None:
    body = {"repo": DID, "collection": POST, "rkey": KEY, "record": GOOD}
    assert call(pds, "com.atproto.repo.putRecord", body).status == 401


def test_a_method_that_is_not_there_is_501(pds: FakePds) -> None:
    with pytest.raises(Exception, match="501"):
        call(pds, "app.bsky.actor.getProfile", {})
