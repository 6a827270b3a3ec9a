"""The Bluesky adapter against Bluesky's own PDS. Run by `python -m tests.real`, not by the default tests."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from networks.bluesky import Bluesky, BlueskyAdapter, connect
from networks.bluesky.adapter import POST, REPOST
from networks.bluesky.session import Session
from networks.content import Json, Mention, Picture, Prepared, Published, ReplyTo, Segment
from networks.errors import LaterError, ReconnectError, RefusedError
from networks.http import Http
from tests.networks import samples
from tests.networks.contract import Keeper

TEXT = "Opferhilfe: https://victim-support.eu/help – #Helpline116006 @{other} @nobody.test 👩‍👩‍👧 #Ευρώπη."
FAMILY = "👨‍👩‍👧‍👦"


@dataclass
class Person:
    """An account on the server: its own session (for looking on) and the one of its app password (for the adapter)."""

    http: Http
    did: str
    handle: str
    password: str
    token: str
    app_password: str
    credentials: dict[str, str]

    def adapter(self) -> BlueskyAdapter:
        return BlueskyAdapter(self.credentials["pds"], self.credentials, self.credentials.update)

    def session(self) -> Session:
        return Session(self.credentials["pds"], self.credentials, self.credentials.update)

    def call(self, verb: str, method: str, **parts: Json) -> dict[str, Json]:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = self.http.request(verb, f"/xrpc/{method}", headers=headers, **parts)
        assert answer.ok, answer.body
        return answer.json() if answer.body else {}

    def record(self, uri: str) -> Json:
        params = {"repo": self.did, "collection": POST, "rkey": uri.rpartition("/")[2]}
        return self.call("GET", "com.atproto.repo.getRecord", params=params)["value"]

    def count(self) -> int:
        params = {"repo": self.did, "collection": POST, "limit": 100}
        return len(self.call("GET", "com.atproto.repo.listRecords", params=params)["records"])


@pytest.fixture(scope="session")
def address() -> str:
    return os.environ["CHORUS_REAL_PDS"]


def signed_up(address: str) -> Person:
    http = Http(address)
    name, password = f"t{secrets.token_hex(6)}", secrets.token_urlsafe(16)
    wish = {"handle": f"{name}.test", "email": f"{name}@example.org", "password": password}
    made = http.request("POST", "/xrpc/com.atproto.server.createAccount", json=wish, timeout=60).json()
    person = Person(http, made["did"], made["handle"], password, made["accessJwt"], "", {})
    named = person.call("POST", "com.atproto.server.createAppPassword", json={"name": "chorus"})
    person.app_password = named["password"]
    person.credentials, _account = connect(address, person.handle, person.app_password)
    return person


@pytest.fixture(scope="session")
def other(address: str) -> Person:
    return signed_up(address)


@pytest.fixture
def person(address: str) -> Person:
    return signed_up(address)


def prepared(person: Person, segment: Segment, keeper: Keeper, reply_to: ReplyTo | None = None) -> Prepared:
    return person.adapter().prepare(segment, keeper.kept, keeper, reply_to)


def sent(person: Person, segment: Segment, reply_to: ReplyTo | None = None) -> Published:
    return person.adapter().publish(segment, prepared(person, segment, Keeper(), reply_to), reply_to)


def found(person: Person, segment: Segment, kept: Prepared) -> object:
    return person.adapter().find(segment, kept, datetime.now(UTC), None, frozenset())


def whole(other: Person) -> Segment:
    return Segment(TEXT.format(other=other.handle), "de", pictures=(samples.picture("A hand, «116 006»"),))


def test_the_password_of_the_account_itself_is_refused(person: Person) -> None:
    with pytest.raises(RefusedError) as caught:
        connect(person.credentials["pds"], person.handle, person.password)
    assert caught.value.code == "not-an-app-password"


def test_a_wrong_password_is_refused_in_words(person: Person) -> None:
    with pytest.raises(RefusedError) as caught:
        connect(person.credentials["pds"], person.handle, "wrong-wrong-wrong")
    assert caught.value.code == "wrong-password"


def test_whoami(person: Person) -> None:
    account = person.adapter().whoami()
    assert (account.remote_id, account.name) == (person.did, person.handle)


def test_a_post_stands_there_as_it_was_prepared(person: Person, other: Person) -> None:
    segment = whole(other)
    published = sent(person, segment)
    record = person.record(published.remote_id)
    assert (record["text"], record["langs"]) == (segment.text, ["de"])
    assert [image["alt"] for image in record["embed"]["images"]] == ["A hand, «116 006»"]
    assert record["embed"]["images"][0]["aspectRatio"] == {"width": 40, "height": 40}


def test_links_hashtags_and_known_mentions_are_live_at_the_right_bytes(person: Person, other: Person) -> None:
    record = person.record(sent(person, whole(other)).remote_id)
    data = record["text"].encode()
    live = [(_cut(data, facet), facet["features"][0]["$type"].partition("#")[2]) for facet in record["facets"]]
    assert live == [
        ("https://victim-support.eu/help", "link"),
        ("#Helpline116006", "tag"),
        (f"@{other.handle}", "mention"),
        ("#Ευρώπη", "tag"),
    ]


def _cut(data: bytes, facet: Mapping[str, Json]) -> str:
    return data[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()


def test_a_mention_resolves_to_its_did(person: Person, other: Person) -> None:
    record = person.record(sent(person, whole(other)).remote_id)
    dids = [feature["did"] for facet in record["facets"] for feature in facet["features"] if "did" in feature]
    assert dids == [other.did]


def test_a_mention_whose_did_is_known_needs_no_look_up(person: Person, other: Person) -> None:
    segment = Segment(f"@{other.handle}", "en", mentions=(Mention(f"@{other.handle}", other.did),))
    assert person.record(sent(person, segment).remote_id)["facets"][0]["features"][0]["did"] == other.did


def test_the_picture_arrives_byte_for_byte(person: Person, other: Person) -> None:
    segment = whole(other)
    record = person.record(sent(person, segment).remote_id)
    ref = record["embed"]["images"][0]["image"]["ref"]["$link"]
    answer = person.http.request("GET", "/xrpc/com.atproto.sync.getBlob", params={"did": person.did, "cid": ref})
    assert answer.body == segment.pictures[0].read()


def test_sending_again_leaves_one_record_with_the_same_cid(person: Person, other: Person) -> None:
    segment, keeper = whole(other), Keeper()
    first = person.adapter().publish(segment, prepared(person, segment, keeper), None)
    again = person.adapter().publish(segment, prepared(person, segment, keeper), None)
    assert (again.ref, person.count()) == (first.ref, 1)


def test_a_second_upload_of_the_same_picture_is_the_same_blob(person: Person, other: Person) -> None:
    segment, keeper = whole(other), Keeper()
    first = person.adapter().publish(segment, prepared(person, segment, keeper), None)
    for upload in keeper.kept["blobs"].values():
        upload["at"] = 0
    again = person.adapter().publish(segment, prepared(person, segment, keeper), None)
    assert (again.ref, person.count()) == (first.ref, 1)


def test_a_post_is_found_by_its_key_once_it_is_out(person: Person) -> None:
    segment = Segment("Found by its key", "en")
    kept = prepared(person, segment, Keeper())
    assert found(person, segment, kept) is None
    published = person.adapter().publish(segment, kept, None)
    assert found(person, segment, kept) == published


def test_a_thread_hangs_together(person: Person) -> None:
    parts = Bluesky().split("Every word counts for every victim. " * 20)
    root = sent(person, Segment(parts[0], "en", of=len(parts)))
    last = root
    for number, part in enumerate(parts[1:], start=1):
        last = sent(person, Segment(part, "en", position=number, of=len(parts)), ReplyTo(root, last))
    reply = person.record(last.remote_id)["reply"]
    assert (len(parts), reply["root"], person.count()) == (3, dict(root.ref), 3)


@pytest.mark.parametrize(
    ("text", "fits"), [("é" * 300, True), ("é" * 301, False), (FAMILY * 119, True), (FAMILY * 121, False)]
)
def test_the_server_counts_as_our_rules_do(person: Person, text: str, fits: bool) -> None:
    segment = Segment(text, "en")
    assert Bluesky().fits(text) is fits
    if fits:
        assert sent(person, segment).remote_id
        return
    with pytest.raises(RefusedError) as caught:
        sent(person, segment)
    assert "too big" in caught.value.message


def test_a_picture_over_two_million_bytes_is_refused(person: Person) -> None:
    small, data = samples.picture("big"), samples.picture("big").read() + b"\0" * 2_000_000
    big: Picture = replace(small, digest="0" * 64, size=len(data), read=lambda: data)
    assert "picture-too-large" in {one.code for one in Bluesky().check(Segment("x", "en", pictures=(big,)))}
    with pytest.raises(RefusedError):
        sent(person, Segment("x", "en", pictures=(big,)))
    assert person.count() == 0


def test_five_pictures_are_refused(person: Person) -> None:
    pictures = tuple(samples.picture(str(number)) for number in range(5))
    with pytest.raises(RefusedError):
        sent(person, Segment("x", "en", pictures=pictures))


def test_a_deleted_post_is_gone_and_deleting_twice_is_no_error(person: Person) -> None:
    segment, keeper = Segment("Soon gone", "en"), Keeper()
    kept = prepared(person, segment, keeper)
    published = person.adapter().publish(segment, kept, None)
    person.adapter().delete(published.remote_id)
    person.adapter().delete(published.remote_id)
    assert (found(person, segment, kept), person.count()) == (None, 0)


def test_a_picture_that_the_server_lost_means_later_and_goes_up_again(person: Person, other: Person) -> None:
    segment, keeper = whole(other), Keeper()
    kept = prepared(person, segment, keeper)
    person.adapter().delete(person.adapter().publish(segment, kept, None).remote_id)
    with pytest.raises(LaterError) as caught:
        person.adapter().publish(segment, kept, None)
    assert caught.value.code == "BlobNotFound"
    for upload in keeper.kept["blobs"].values():
        upload["at"] = 0
    assert person.adapter().publish(segment, prepared(person, segment, keeper), None).remote_id


def test_renewed_tokens_work_and_are_other_ones(person: Person) -> None:
    before = dict(person.credentials)
    person.session().renew()
    assert person.credentials["refresh_jwt"] != before["refresh_jwt"]
    assert person.adapter().whoami().remote_id == person.did


def test_a_revoked_app_password_asks_to_reconnect(person: Person) -> None:
    person.call("POST", "com.atproto.server.revokeAppPassword", json={"name": "chorus"})
    with pytest.raises(ReconnectError):
        person.session().renew()


def test_a_broken_access_token_asks_to_reconnect(person: Person) -> None:
    kept = prepared(person, Segment("x", "en"), Keeper())
    person.credentials["access_jwt"] += "x"
    with pytest.raises(ReconnectError):
        person.adapter().publish(Segment("x", "en"), kept, None)
    assert person.count() == 0


def test_what_is_kept_is_json(person: Person, other: Person) -> None:
    kept = prepared(person, whole(other), Keeper()).kept
    assert json.loads(json.dumps(dict(kept))) == dict(kept)


def test_a_repost_of_somebody_on_the_same_server_is_one_however_often_it_is_sent(person: Person, other: Person) -> None:
    theirs = sent(other, Segment("Help", "en"))
    shared = person.adapter().reshare(theirs.remote_id)
    assert person.adapter().reshare(theirs.remote_id).remote_id == shared.remote_id
    params = {"repo": person.did, "collection": REPOST, "limit": 100}
    (record,) = person.call("GET", "com.atproto.repo.listRecords", params=params)["records"]
    assert record["value"]["subject"] == dict(theirs.ref)
    person.adapter().delete(shared.remote_id)
    assert person.call("GET", "com.atproto.repo.listRecords", params=params)["records"] == []
