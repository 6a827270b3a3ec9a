"""What goes to a Page, what is kept on the way, and how a post is found again."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from networks.content import Json, Metrics, Picture, Prepared, Published, Segment
from networks.errors import LaterError, ReconnectError, RefusedError
from networks.facebook.adapter import PHOTO_LIFE, FacebookAdapter
from tests.networks import samples
from tests.networks.contract import Keeper, LeaseLost, long_ago, lost
from tests.networks.fakes.base import Reply
from tests.networks.fakes.facebook import MOST_BYTES, FakeFacebook, FakePost
from tests.networks.fakes.meta import params_of

HAND, PHONE = samples.picture("Ένα χέρι — “help”"), samples.picture("A telephone")
PICTURED = Segment("Θύματα: 116 006 & more 👩‍👩‍👧", "el", pictures=(HAND, PHONE))


@pytest.fixture
def server() -> Iterator[FakeFacebook]:
    with FakeFacebook() as server:
        yield server


@pytest.fixture
def adapter(server: FakeFacebook) -> FacebookAdapter:
    return FacebookAdapter(server.url, server.credentials())


def publish(adapter: FacebookAdapter, segment: Segment) -> Published:
    return adapter.publish(segment, adapter.prepare(segment, {}, Keeper(), None), None)


def find(adapter: FacebookAdapter, segment: Segment, kept: Json = None, **changes: object) -> Published | None:
    since = changes.get("since", long_ago())
    exclude = changes.get("exclude", frozenset())
    return adapter.find(segment, Prepared(kept or {}), since, None, exclude)  # type: ignore[arg-type]


def test_the_typed_words_leave_as_they_were_typed(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    publish(adapter, PICTURED)
    first, second, post = [params_of(one) for one in server.requests if one.method == "POST"]
    assert (first["alt_text_custom"], second["alt_text_custom"]) == (HAND.alt, PHONE.alt)
    assert first["source"] == HAND.read()
    assert post["message"] == PICTURED.text


def test_pictures_wait_unpublished_and_one_call_shows_them_all(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    prepared = adapter.prepare(PICTURED, {}, Keeper(), None)
    assert (list(server.posts()), len(server.photos)) == ([], 2)
    adapter.publish(PICTURED, prepared, None)
    (post,) = server.feed.values()
    assert post.photos == tuple(server.photos)


def test_a_picture_without_alt_text_has_no_empty_one(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    publish(adapter, replace(PICTURED, pictures=(samples.picture(" "),)))
    assert "alt_text_custom" not in params_of(server.requests[0])


def test_the_first_link_of_a_text_makes_the_card(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    publish(adapter, Segment("Read victim-support.eu/a?b=1#c and https://example.org", "en"))
    publish(adapter, Segment("No link here.", "en"))
    publish(adapter, replace(PICTURED, text="Pictures beat https://example.org"))
    assert [post.link for post in server.feed.values()] == ["https://victim-support.eu/a?b=1#c", "", ""]


def test_each_picture_is_kept_as_soon_as_it_is_up(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    with pytest.raises(LeaseLost):
        adapter.prepare(PICTURED, {}, lost, None)
    assert len(server.photos) == 1


def test_what_is_up_is_not_sent_again_unless_it_is_old_or_its_alt_text_changed(
    server: FakeFacebook, adapter: FacebookAdapter
) -> None:
    keeper = Keeper()
    adapter.prepare(PICTURED, {}, keeper, None)
    adapter.prepare(PICTURED, keeper.kept, keeper, None)
    assert len(server.photos) == 2
    adapter.prepare(replace(PICTURED, pictures=(HAND, replace(PHONE, alt="Two telephones"))), keeper.kept, keeper, None)
    assert [photo.alt for photo in server.photos.values()] == [HAND.alt, PHONE.alt, "Two telephones"]
    for photo in keeper.kept["photos"].values():
        photo["at"] -= PHOTO_LIFE
    adapter.prepare(PICTURED, keeper.kept, keeper, None)
    assert len(server.photos) == 5


def located() -> Picture:
    exif, out = Image.Exif(), io.BytesIO()
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (40, 40), "red").save(out, "JPEG", exif=exif)
    return replace(HAND, read=out.getvalue, size=len(out.getvalue()))


def test_the_place_of_a_picture_never_leaves(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    publish(adapter, replace(PICTURED, pictures=(located(),)))
    (photo,) = server.photos.values()
    with Image.open(io.BytesIO(photo.data)) as image:
        assert not image.getexif()


def test_a_picture_too_heavy_for_facebook_goes_out_smaller(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    out = io.BytesIO()
    Image.effect_noise((2400, 2400), 90).save(out, "PNG")
    assert len(out.getvalue()) > MOST_BYTES
    publish(adapter, replace(PICTURED, pictures=(replace(HAND, read=out.getvalue),)))
    (photo,) = server.photos.values()
    assert len(photo.data) <= MOST_BYTES
    with Image.open(io.BytesIO(photo.data)) as image:
        assert image.size == (2048, 2048)


def test_ten_pictures_go_out(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    pictures = tuple(samples.picture(f"Picture {number}") for number in range(10))
    publish(adapter, replace(PICTURED, pictures=pictures))
    assert server.posts()[0].alts == tuple(picture.alt for picture in pictures)


def test_a_moving_picture_is_refused_before_anything_is_sent(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    with pytest.raises(RefusedError, match="GIF"):
        publish(adapter, replace(PICTURED, pictures=(samples.picture(content_type="image/gif"),)))
    assert server.requests == []


def test_the_address_is_the_one_that_facebook_shows(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    published = publish(adapter, PICTURED)
    page, _, number = published.remote_id.partition("_")
    assert published.url == f"https://www.facebook.com/{page}/posts/{number}"
    assert find(adapter, PICTURED) == published


@pytest.mark.parametrize("status", [400, 500, 200])
def test_without_an_answer_about_the_address_the_post_is_out_all_the_same(
    server: FakeFacebook, adapter: FacebookAdapter, status: int
) -> None:
    whole = server.answer
    server.answer = lambda one: Reply.of(status, {}) if "fields" in one.query else whole(one)  # type: ignore[method-assign]
    published = publish(adapter, Segment("Help.", "en"))
    assert published.url == f"https://www.facebook.com/{published.remote_id}"


def test_publishing_ends_in_time_when_only_the_address_is_late(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    adapter.send_seconds = 0.4  # too little is left for a second question
    assert publish(adapter, Segment("Help.", "en")).url.startswith("https://www.facebook.com/2000")
    assert [one.method for one in server.requests] == ["POST"]


def test_blanks_that_facebook_joins_do_not_hide_a_post(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    server.feed["200000000000001_5"] = FakePost("Help.\nCall  116 006")
    assert find(adapter, Segment("Help.\n\nCall 116 006 ", "en")) is not None
    assert find(adapter, Segment("Help. Call 116 007", "en")) is None


def test_the_oldest_of_equal_posts_since_then_is_ours(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    now = datetime.now(UTC)
    for number, hours in enumerate((30, 3, 2, 1)):
        server.feed[f"200000000000001_{number}"] = FakePost("Help.", created=now - timedelta(hours=hours))
    found = find(adapter, Segment("Help.", "en"), since=now - timedelta(hours=5))
    assert found is not None
    assert found.remote_id == "200000000000001_1"
    without = find(
        adapter, Segment("Help.", "en"), since=now - timedelta(hours=5), exclude=frozenset({found.remote_id})
    )
    assert without is not None
    assert without.remote_id == "200000000000001_2"


def test_a_post_is_found_behind_sixty_newer_ones(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    for number in range(61):
        server.feed[f"200000000000001_{number}"] = FakePost(f"Post {number}")
    found = find(adapter, Segment("Post 0", "en"))
    assert found is not None
    assert found.remote_id == "200000000000001_0"


def test_too_many_posts_to_look_through_is_not_called_not_there(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    for number in range(251):
        server.feed[f"200000000000001_{number}"] = FakePost(f"Post {number}")
    with pytest.raises(LaterError):
        find(adapter, Segment("Help.", "en"))


def test_a_post_without_words_is_known_by_its_photos(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    segment, keeper = replace(PICTURED, text=""), Keeper()
    published = adapter.publish(segment, adapter.prepare(segment, {}, keeper, None), None)
    assert find(adapter, segment, keeper.kept) == published
    assert find(adapter, segment, {"photos": {"x": {"id": "1", "at": 0}}}) is None


def test_a_refusal_to_look_says_nothing_about_the_post(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    server.answer = lambda _one: Reply.of(400, {"error": {"code": 100, "message": "No"}})  # type: ignore[method-assign]
    with pytest.raises(LaterError):
        find(adapter, PICTURED)


def test_a_post_is_deleted_and_deleting_it_twice_is_no_error(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    published = publish(adapter, PICTURED)
    adapter.delete(published.remote_id)
    adapter.delete(published.remote_id)
    assert (list(server.posts()), find(adapter, PICTURED)) == ([], None)


def test_deleting_with_a_dead_token_is_not_called_done(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    published = publish(adapter, PICTURED)
    server.tokens.clear()
    with pytest.raises(ReconnectError):
        adapter.delete(published.remote_id)


def test_numbers_are_read_and_none_stands_for_what_is_not_told(adapter: FacebookAdapter) -> None:
    assert adapter.metrics(publish(adapter, PICTURED).remote_id) == Metrics(likes=3, shares=2, replies=3, views=None)


def test_a_post_that_is_gone_is_told_from_a_page_that_is(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    published = publish(adapter, PICTURED)
    server.feed.clear()
    with pytest.raises(RefusedError) as caught:
        adapter.metrics(published.remote_id)
    assert caught.value.code == "gone"
    server.tokens.clear()
    with pytest.raises(ReconnectError):
        adapter.metrics(published.remote_id)


def test_a_post_of_another_page_is_shown_as_a_link(server: FakeFacebook, adapter: FacebookAdapter) -> None:
    shared = adapter.reshare("999_888")
    assert server.feed[shared.remote_id].link == "https://www.facebook.com/999_888"
