"""What goes to Instagram, how its containers are waited for, and how a post is found again."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from networks.content import Json, Metrics, Prepared, Published, Segment
from networks.errors import DuplicateError, LaterError, ReconnectError, RefusedError
from networks.instagram.adapter import CONTAINER_LIFE, InstagramAdapter
from networks.instagram.containers import LOOK_AGAIN, POLL_WAITS, PUBLIC_ADDRESS_NEEDED
from tests.networks import samples
from tests.networks.contract import Keeper, LeaseLost, long_ago
from tests.networks.fakes.instagram import FakeInstagram, FakeMedia
from tests.networks.fakes.meta import params_of
from tests.networks.hosted import PictureHost


@pytest.fixture
def server() -> Iterator[FakeInstagram]:
    with FakeInstagram() as server:
        yield server


@pytest.fixture
def host() -> Iterator[PictureHost]:
    with PictureHost() as host:
        yield host


@pytest.fixture
def adapter(server: FakeInstagram) -> InstagramAdapter:
    adapter = InstagramAdapter(server.url, server.credentials())
    adapter.poll_waits = (0.0, 0.0, 0.0)
    return adapter


@pytest.fixture
def pictured(host: PictureHost) -> Segment:
    return Segment("Θύματα: #116006 & more 👩‍👩‍👧", "el", pictures=(host.host(samples.picture("Ένα χέρι — “help”")),))


@pytest.fixture
def carousel(host: PictureHost, pictured: Segment) -> Segment:
    second = host.host(samples.picture("A telephone", width=60, height=40))
    return replace(pictured, pictures=(*pictured.pictures, second))


def publish(adapter: InstagramAdapter, segment: Segment) -> Published:
    return adapter.publish(segment, adapter.prepare(segment, {}, Keeper(), None), None)


def find(adapter: InstagramAdapter, segment: Segment, kept: Json, **changes: object) -> Published | None:
    since, exclude = changes.get("since", long_ago()), changes.get("exclude", frozenset())
    return adapter.find(segment, Prepared(kept), since, None, exclude)  # type: ignore[arg-type]


def made(server: FakeInstagram) -> list[Json]:
    return [params_of(one) for one in server.requests if one.method == "POST" and one.path.endswith("/media")]


def test_the_typed_words_leave_as_they_were_typed(
    server: FakeInstagram, adapter: InstagramAdapter, pictured: Segment
) -> None:
    publish(adapter, pictured)
    (sent,) = made(server)
    assert (sent["caption"], sent["alt_text"]) == (pictured.text, pictured.pictures[0].alt)
    assert b"%23116006+%26+more" in server.requests[1].body


def test_a_carousel_has_a_child_for_each_picture_and_one_caption(
    server: FakeInstagram, adapter: InstagramAdapter, carousel: Segment
) -> None:
    publish(adapter, carousel)
    first, second, whole = made(server)
    assert [child.get("is_carousel_item") for child in (first, second)] == ["true", "true"]
    assert ("caption" in first, "image_url" in whole, whole["caption"]) == (False, False, carousel.text)
    assert server.posts()[0].alts == tuple(picture.alt for picture in carousel.pictures)


def test_ten_pictures_go_out_in_their_order(
    server: FakeInstagram, adapter: InstagramAdapter, host: PictureHost, pictured: Segment
) -> None:
    pictures = tuple(host.host(samples.picture(f"Picture {number}")) for number in range(10))
    publish(adapter, replace(pictured, pictures=pictures))
    assert server.posts()[0].alts == tuple(picture.alt for picture in pictures)


def test_each_picture_is_fetched_as_a_jpeg_of_one_shape(
    server: FakeInstagram, adapter: InstagramAdapter, carousel: Segment
) -> None:
    publish(adapter, carousel)
    sizes = [Image.open(io.BytesIO(one.data)).size for one in server.containers.values() if one.data]
    assert sizes == [(40, 40), (60, 60)]


@pytest.mark.parametrize(("width", "height"), [(100, 40), (30, 60)])
def test_a_picture_of_a_wrong_shape_gets_bars_that_instagram_takes(
    adapter: InstagramAdapter, server: FakeInstagram, host: PictureHost, pictured: Segment, width: int, height: int
) -> None:
    wide = host.host(samples.picture(width=width, height=height, content_type="image/png"))
    publish(adapter, replace(pictured, pictures=(wide,)))
    assert len(server.posts()) == 1


@pytest.mark.parametrize(
    ("changes", "why"), [({"width": 500, "height": 40}, "white bars"), ({"content_type": "image/gif"}, "GIF")]
)
def test_what_cannot_be_made_over_is_refused_before_anything_is_sent(
    adapter: InstagramAdapter, server: FakeInstagram, host: PictureHost, pictured: Segment, changes: Json, why: str
) -> None:
    with pytest.raises(RefusedError, match=why):
        publish(adapter, replace(pictured, pictures=(host.host(samples.picture(**changes)),)))
    assert server.requests == []


def test_without_a_public_address_it_refuses_and_says_what_to_do(
    adapter: InstagramAdapter, server: FakeInstagram, pictured: Segment
) -> None:
    with pytest.raises(RefusedError) as caught:
        publish(adapter, replace(pictured, pictures=(samples.picture(),)))
    assert (caught.value.message, server.requests) == (PUBLIC_ADDRESS_NEEDED, [])


def test_a_picture_that_cannot_be_fetched_means_later_and_is_tried_anew(
    adapter: InstagramAdapter, server: FakeInstagram, host: PictureHost, pictured: Segment
) -> None:
    keeper, host.gone = Keeper(), True
    with pytest.raises(LaterError):
        adapter.prepare(pictured, {}, keeper, None)
    host.gone = False
    adapter.publish(pictured, adapter.prepare(pictured, keeper.kept, keeper, None), None)
    assert len(server.posts()) == 1


def test_each_look_at_a_container_renews_the_lease(
    adapter: InstagramAdapter, server: FakeInstagram, pictured: Segment
) -> None:
    server.looks, kept = 3, []
    adapter.prepare(pictured, {}, lambda progress, repeat_key="": kept.append(dict(progress)), None)
    assert len([one for one in kept if "container" in one]) == 1 + 4  # once when it was made, then at each look


def test_waiting_gives_the_hand_back_before_a_worker_counts_as_silent() -> None:
    assert sum(POLL_WAITS) < 45


def test_a_lease_that_is_lost_while_waiting_stops_it(
    adapter: InstagramAdapter, server: FakeInstagram, pictured: Segment
) -> None:
    server.looks, left = 9, [4]

    def keep(kept: Json, *, repeat_key: str = "") -> None:
        left[0] -= 1
        if not left[0]:
            raise LeaseLost

    with pytest.raises(LeaseLost):
        adapter.prepare(pictured, {}, keep, None)


def test_pictures_that_take_long_go_on_from_the_same_container(
    adapter: InstagramAdapter, server: FakeInstagram, pictured: Segment
) -> None:
    server.looks, keeper = 6, Keeper()
    with pytest.raises(LaterError) as caught:
        adapter.prepare(pictured, {}, keeper, None)
    assert (caught.value.code, caught.value.wait, caught.value.of) == ("not-finished", LOOK_AGAIN, "item")
    adapter.publish(pictured, adapter.prepare(pictured, keeper.kept, keeper, None), None)
    assert (len(server.containers), len(server.posts())) == (1, 1)


def test_a_carousel_goes_on_from_the_children_that_are_there(
    adapter: InstagramAdapter, server: FakeInstagram, carousel: Segment
) -> None:
    keeper = Keeper()

    def keep(kept: Json, *, repeat_key: str = "") -> None:
        keeper(kept, repeat_key=repeat_key)
        if len(kept.get("children", {})) == 1:
            raise LeaseLost

    with pytest.raises(LeaseLost):
        adapter.prepare(carousel, {}, keep, None)
    adapter.prepare(carousel, keeper.kept, keeper, None)
    assert len(server.containers) == 3


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("ERROR", "Error: Media upload has failed with error code 2207003", LaterError),
        ("ERROR", "Error: 2207009 The aspect ratio is not allowed", RefusedError),
        ("ERROR", "Error", LaterError),
        ("EXPIRED", "Expired", LaterError),
        ("PUBLISHED", "Published", DuplicateError),
    ],
)
def test_a_spoilt_container_is_forgotten(
    adapter: InstagramAdapter, server: FakeInstagram, pictured: Segment, code: str, status: str, error: type[Exception]
) -> None:
    keeper, server.looks = Keeper(), 9
    with pytest.raises(LaterError):
        adapter.prepare(pictured, {}, keeper, None)
    (one,) = server.containers.values()
    one.looks, one.code, one.status = 0, code, status
    with pytest.raises(error):
        adapter.prepare(pictured, keeper.kept, keeper, None)
    assert keeper.kept == {}


def test_a_container_for_other_words_or_of_yesterday_is_not_used(
    adapter: InstagramAdapter, server: FakeInstagram, pictured: Segment
) -> None:
    keeper = Keeper()
    adapter.prepare(pictured, {}, keeper, None)
    adapter.prepare(replace(pictured, text="Other words"), keeper.kept, keeper, None)
    assert [one.caption for one in server.containers.values()] == [pictured.text, "Other words"]
    keeper.kept = {**keeper.kept, "at": keeper.kept["at"] - CONTAINER_LIFE}
    adapter.prepare(replace(pictured, text="Other words"), keeper.kept, keeper, None)
    assert len(server.containers) == 3


def test_a_used_up_day_holds_the_channel(adapter: InstagramAdapter, server: FakeInstagram, pictured: Segment) -> None:
    server.quota = 1
    publish(adapter, pictured)
    with pytest.raises(LaterError) as caught:
        publish(adapter, pictured)
    assert (caught.value.of, caught.value.code, len(server.containers)) == ("channel", "quota", 1)


def test_a_container_that_is_not_ready_after_all_means_later(
    adapter: InstagramAdapter, server: FakeInstagram, pictured: Segment
) -> None:
    prepared = adapter.prepare(pictured, {}, Keeper(), None)
    server.containers[prepared.kept["container"]].looks = 1
    with pytest.raises(LaterError):
        adapter.publish(pictured, prepared, None)
    assert list(server.posts()) == []


def test_the_address_is_the_one_that_instagram_tells(
    server: FakeInstagram, adapter: InstagramAdapter, pictured: Segment
) -> None:
    keeper = Keeper()
    published = adapter.publish(pictured, adapter.prepare(pictured, {}, keeper, None), None)
    assert published.url.startswith("https://www.instagram.com/p/C")
    assert find(adapter, pictured, keeper.kept) == published


def test_a_container_that_was_not_published_is_not_taken_for_an_older_post(
    server: FakeInstagram, adapter: InstagramAdapter, pictured: Segment
) -> None:
    publish(adapter, pictured)
    keeper = Keeper()
    adapter.prepare(pictured, {}, keeper, None)
    assert find(adapter, pictured, keeper.kept) is None


def test_published_and_not_shown_yet_is_not_called_not_there(
    server: FakeInstagram, adapter: InstagramAdapter, pictured: Segment
) -> None:
    keeper, server.hides = Keeper(), True
    adapter.publish(pictured, adapter.prepare(pictured, {}, keeper, None), None)
    with pytest.raises(LaterError) as caught:
        find(adapter, pictured, keeper.kept)
    assert caught.value.code == "not-shown-yet"


@pytest.mark.parametrize("kept", [{}, {"container": "17900000000000999"}])
def test_without_a_container_the_caption_decides(
    server: FakeInstagram, adapter: InstagramAdapter, pictured: Segment, kept: Json
) -> None:
    now = datetime.now(UTC)
    for number, hours in ((1, 9), (2, 3), (3, 1)):
        server.media[str(number)] = FakeMedia("", pictured.text, ("",), now - timedelta(hours=hours))
    found = find(adapter, pictured, kept, since=now - timedelta(hours=5))
    assert found is not None
    assert found.remote_id == "2"
    assert find(adapter, pictured, kept, since=now, exclude=frozenset({"2", "3"})) is None


def test_numbers_are_read(adapter: InstagramAdapter, pictured: Segment) -> None:
    assert adapter.metrics(publish(adapter, pictured).remote_id) == Metrics(likes=7, replies=1)


def test_a_post_that_is_gone_is_told_from_an_account_that_is(
    server: FakeInstagram, adapter: InstagramAdapter, pictured: Segment
) -> None:
    published = publish(adapter, pictured)
    server.media.clear()
    with pytest.raises(RefusedError) as caught:
        adapter.metrics(published.remote_id)
    assert caught.value.code == "gone"
    server.tokens.clear()
    with pytest.raises(ReconnectError):
        adapter.metrics(published.remote_id)
