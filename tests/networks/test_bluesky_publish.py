"""What goes to Bluesky, what is kept on the way, and what happens when it is sent again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from networks.bluesky import BlueskyAdapter, connect
from networks.bluesky.adapter import BLOB_LIFE
from networks.content import Json, Mention, Metrics, Prepared, ReplyTo, Segment
from networks.errors import LaterError, RefusedError, UnclearError
from tests.networks import samples
from tests.networks.contract import Keeper, LeaseLost
from tests.networks.fakes.bluesky import APP_PASSWORD, DID, HANDLE, OTHERS, POST, REPOST, FakePds, cid

HAND, PHONE = samples.picture("A hand"), samples.picture("A telephone")
PICTURED = Segment("Two pictures", "en", pictures=(HAND, PHONE))


@pytest.fixture
def pds() -> Iterator[FakePds]:
    with FakePds() as pds:
        yield pds


@pytest.fixture
def adapter(pds: FakePds) -> BlueskyAdapter:
    return BlueskyAdapter(pds.url, connect(pds.url, HANDLE, APP_PASSWORD)[0])


def record(adapter: BlueskyAdapter, segment: Segment, reply_to: ReplyTo | None = None) -> Json:
    return adapter.prepare(segment, {}, Keeper(), reply_to).kept["record"]


def uploads(pds: FakePds) -> int:
    return sum(request.path.endswith("uploadBlob") for request in pds.requests)


def looked_up(pds: FakePds) -> list[str]:
    return [request.query["handle"] for request in pds.requests if request.path.endswith("resolveHandle")]


def find(adapter: BlueskyAdapter, segment: Segment, prepared: Prepared) -> object:
    return adapter.find(segment, prepared, datetime.now(UTC), None, frozenset())


def test_key_and_time_are_kept_before_anything_else(adapter: BlueskyAdapter) -> None:
    keeper = Keeper()
    _stop_at(adapter, keeper, 1)
    assert set(keeper.kept) == {"key", "created_at"}
    assert keeper.repeat_key == keeper.kept["key"]


def test_each_picture_is_kept_as_soon_as_it_is_up(pds: FakePds, adapter: BlueskyAdapter) -> None:
    keeper = Keeper()
    _stop_at(adapter, keeper, 2)
    assert (list(keeper.kept["blobs"]), uploads(pds)) == ([HAND.digest], 1)
    adapter.prepare(PICTURED, keeper.kept, keeper, None)
    assert uploads(pds) == 2


def _stop_at(adapter: BlueskyAdapter, keeper: Keeper, steps: int) -> None:
    """Prepares until the lease is lost right after that many steps were kept."""
    left = [steps]

    def keep(kept: Json, *, repeat_key: str = "") -> None:
        keeper(kept, repeat_key=repeat_key)
        left[0] -= 1
        if not left[0]:
            raise LeaseLost

    with pytest.raises(LeaseLost):
        adapter.prepare(PICTURED, {}, keep, None)


def test_an_upload_that_is_old_is_made_again_and_the_record_stays_the_same(
    pds: FakePds, adapter: BlueskyAdapter
) -> None:
    keeper = Keeper()
    first = adapter.prepare(PICTURED, {}, keeper, None)
    for upload in keeper.kept["blobs"].values():
        upload["at"] -= BLOB_LIFE
    again = adapter.prepare(PICTURED, keeper.kept, keeper, None)
    assert (uploads(pds), again.kept["record"]) == (4, first.kept["record"])


def test_a_picture_that_the_server_lost_means_later(pds: FakePds, adapter: BlueskyAdapter) -> None:
    prepared = adapter.prepare(PICTURED, {}, Keeper(), None)
    pds.blobs.clear()
    with pytest.raises(LaterError) as caught:
        adapter.publish(PICTURED, prepared, None)
    assert (caught.value.code, caught.value.wait) == ("BlobNotFound", BLOB_LIFE)


def test_the_record_is_what_the_lexicon_says(adapter: BlueskyAdapter) -> None:
    made = record(adapter, replace(PICTURED, text="see victim-support.eu"))
    assert list(made) == ["$type", "text", "createdAt", "langs", "facets", "embed"]
    assert [image["alt"] for image in made["embed"]["images"]] == ["A hand", "A telephone"]
    assert made["embed"]["images"][0]["aspectRatio"] == {"width": 40, "height": 40}


def test_a_text_without_language_or_links_is_a_short_record(adapter: BlueskyAdapter) -> None:
    assert list(record(adapter, Segment("Hello", ""))) == ["$type", "text", "createdAt"]


def test_mentions_are_looked_up_once_each_and_only_where_unknown(pds: FakePds, adapter: BlueskyAdapter) -> None:
    text = "@ec.test @EC.test @chorus.test @nobody.test @EU_Commission"
    made = record(adapter, Segment(text, "en", mentions=(Mention("@chorus.test", DID),)))
    assert looked_up(pds) == ["ec.test", "nobody.test"]
    dids = [facet["features"][0]["did"] for facet in made["facets"]]
    assert dids == [OTHERS["ec.test"], OTHERS["ec.test"], DID]


def test_sending_again_changes_nothing(pds: FakePds, adapter: BlueskyAdapter) -> None:
    keeper = Keeper()
    first = adapter.publish(PICTURED, adapter.prepare(PICTURED, {}, keeper, None), None)
    again = adapter.publish(PICTURED, adapter.prepare(PICTURED, keeper.kept, keeper, None), None)
    assert (first, len(pds.posts())) == (again, 1)


@pytest.mark.parametrize("scenario", ["drop_after_accept", "server_error_after_accept"])
def test_sending_again_after_doubt_leaves_one_post(pds: FakePds, adapter: BlueskyAdapter, scenario: str) -> None:
    keeper = Keeper()
    pds.next_answer(scenario)
    with pytest.raises(UnclearError):
        adapter.publish(PICTURED, adapter.prepare(PICTURED, {}, keeper, None), None)
    published = adapter.publish(PICTURED, adapter.prepare(PICTURED, keeper.kept, keeper, None), None)
    assert [seen.remote_id for seen in pds.posts()] == [published.remote_id]


def test_an_edited_text_makes_a_new_record_under_the_same_key(adapter: BlueskyAdapter) -> None:
    keeper = Keeper()
    old = adapter.prepare(Segment("Old", "en"), {}, keeper, None)
    new = adapter.prepare(Segment("New", "en"), keeper.kept, keeper, None)
    assert (new.kept["record"]["text"], new.repeat_key) == ("New", old.repeat_key)


def test_a_reply_names_root_and_parent(adapter: BlueskyAdapter) -> None:
    root = adapter.publish(PICTURED, adapter.prepare(PICTURED, {}, Keeper(), None), None)
    made = record(adapter, Segment("Second", "en", position=1, of=2), ReplyTo(root, root))
    assert made["reply"] == {"root": dict(root.ref), "parent": dict(root.ref)}


def test_the_address_is_by_did_and_key(adapter: BlueskyAdapter) -> None:
    prepared = adapter.prepare(PICTURED, {}, Keeper(), None)
    published = adapter.publish(PICTURED, prepared, None)
    assert published.url == f"https://bsky.app/profile/{DID}/post/{prepared.repeat_key}"
    assert published.remote_id == f"at://{DID}/{POST}/{prepared.repeat_key}"


def test_find_gives_what_publish_gave(adapter: BlueskyAdapter) -> None:
    prepared = adapter.prepare(PICTURED, {}, Keeper(), None)
    assert adapter.publish(PICTURED, prepared, None) == find(adapter, PICTURED, prepared)


def test_find_without_a_key_knows_that_nothing_was_sent(pds: FakePds, adapter: BlueskyAdapter) -> None:
    before = len(pds.requests)
    assert find(adapter, PICTURED, Prepared()) is None
    assert len(pds.requests) == before


def test_a_refusal_to_look_says_nothing_about_the_post(adapter: BlueskyAdapter) -> None:
    with pytest.raises(LaterError):
        find(adapter, PICTURED, Prepared({}, "not a key"))


def test_a_deleted_post_is_not_found_and_deleting_twice_is_no_error(adapter: BlueskyAdapter) -> None:
    prepared = adapter.prepare(PICTURED, {}, Keeper(), None)
    published = adapter.publish(PICTURED, prepared, None)
    adapter.delete(published.remote_id)
    adapter.delete(published.remote_id)
    assert find(adapter, PICTURED, prepared) is None


@pytest.mark.parametrize("text", ["é" * 301, "👨‍👩‍👧‍👦" * 121])
def test_a_text_over_either_limit_is_refused_by_the_server_too(
    pds: FakePds, adapter: BlueskyAdapter, text: str
) -> None:
    segment = Segment(text, "en")
    with pytest.raises(RefusedError) as caught:
        adapter.publish(segment, adapter.prepare(segment, {}, Keeper(), None), None)
    assert "too big" in caught.value.message
    assert list(pds.posts()) == []


def test_two_posts_have_two_keys(adapter: BlueskyAdapter) -> None:
    keys = {adapter.prepare(PICTURED, {}, Keeper(), None).repeat_key for _ in range(5)}
    assert len(keys) == 5


THEIRS = f"at://{OTHERS['ec.test']}/{POST}/3mflyxqbuyk2a"


def test_a_repost_shows_somebody_s_post_and_is_one_however_often_it_is_sent(
    pds: FakePds, adapter: BlueskyAdapter
) -> None:
    pds.others[THEIRS] = (cid(0x71, b"theirs"), {"$type": POST, "text": "Help", "createdAt": "2026-11-24T08:00:00Z"})
    shared = adapter.reshare(THEIRS)
    adapter.reshare(THEIRS)
    assert list(pds.records) == [shared.remote_id] == [f"at://{DID}/{REPOST}/3mflyxqbuyk2a"]
    assert pds.records[shared.remote_id][1]["subject"] == {"uri": THEIRS, "cid": cid(0x71, b"theirs")}
    assert shared.url == f"https://bsky.app/profile/{OTHERS['ec.test']}/post/3mflyxqbuyk2a"
    assert list(pds.posts()) == []


def test_a_repost_can_be_taken_down_again(pds: FakePds, adapter: BlueskyAdapter) -> None:
    pds.others[THEIRS] = (cid(0x71, b"theirs"), {"$type": POST, "text": "Help", "createdAt": "2026-11-24T08:00:00Z"})
    adapter.delete(adapter.reshare(THEIRS).remote_id)
    assert pds.records == {}


@pytest.mark.parametrize("address", [THEIRS, "https://bsky.app/profile/ec.test/post/3mflyxqbuyk2a", "at://x/y", ""])
def test_what_is_not_there_and_what_is_no_address_is_refused(
    pds: FakePds, adapter: BlueskyAdapter, address: str
) -> None:
    with pytest.raises(RefusedError):
        adapter.reshare(address)
    assert pds.records == {}


@pytest.mark.parametrize("scenario", ["server_error_after_accept", "drop_after_accept", "html"])
def test_a_repost_without_a_definite_answer_is_unclear(pds: FakePds, adapter: BlueskyAdapter, scenario: str) -> None:
    pds.others[THEIRS] = (cid(0x71, b"theirs"), {"$type": POST, "text": "Help", "createdAt": "2026-11-24T08:00:00Z"})
    pds.next_answer(scenario)
    with pytest.raises(UnclearError):
        adapter.reshare(THEIRS)


def test_the_numbers_of_a_post(pds: FakePds, adapter: BlueskyAdapter) -> None:
    published = adapter.publish(PICTURED, adapter.prepare(PICTURED, {}, Keeper(), None), None)
    assert adapter.metrics(published.remote_id) == Metrics()
    pds.counts[published.remote_id] = {"likeCount": 3, "repostCount": 2, "quoteCount": 1, "replyCount": 0}
    assert adapter.metrics(published.remote_id) == Metrics(likes=3, shares=3, replies=0, views=None)


def test_a_post_that_the_index_does_not_show_is_asked_for_later(pds: FakePds, adapter: BlueskyAdapter) -> None:
    with pytest.raises(LaterError) as caught:
        adapter.metrics(THEIRS)
    assert caught.value.code == "not-shown"
    pds.has_index = False
    with pytest.raises(LaterError):
        adapter.metrics(THEIRS)
