"""What leaves for an instance, what is kept before it, and what is found again."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from networks.content import CANNOT_TELL, Prepared, Published, ReplyTo, Segment
from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError, UnclearError
from networks.mastodon import Mastodon, MastodonAdapter
from networks.mastodon.adapter import MEDIA_LIFE, PAGE, PAGES
from networks.mastodon.client import told_version, wait_of
from networks.mastodon.instance import keeps_keys
from networks.mastodon.reading import same_text, text_of
from tests.networks import samples
from tests.networks.contract import Keeper, LeaseLost
from tests.networks.fakes.base import Reply, Request
from tests.networks.fakes.mastodon import ACCOUNT_ID, FakeMastodon, content_of

HAND, PHONE = samples.picture("A hand"), samples.picture("A telephone")
PICTURED = Segment("Two pictures", "en", pictures=(HAND, PHONE))


@pytest.fixture
def server() -> Iterator[FakeMastodon]:
    with FakeMastodon() as server:
        yield server


def adapter_of(server: FakeMastodon, **credentials: str) -> MastodonAdapter:
    own = {"access_token": server.new_token(), "account_id": ACCOUNT_ID, "version": "4.4.3", "keeps_keys": "yes"}
    return MastodonAdapter(server.url, own | credentials, sleep=lambda _seconds: None)


@pytest.fixture
def adapter(server: FakeMastodon) -> MastodonAdapter:
    return adapter_of(server)


def send(adapter: MastodonAdapter, segment: Segment, reply_to: ReplyTo | None = None) -> Published:
    return adapter.publish(segment, adapter.prepare(segment, {}, Keeper(), reply_to), reply_to)


def find(adapter: MastodonAdapter, segment: Segment, since: datetime | None = None) -> object:
    return adapter.find(segment, Prepared(), since or datetime.now(UTC) - timedelta(hours=1), None, frozenset())


def calls(server: FakeMastodon, path: str) -> int:
    return sum(request.path == path for request in server.requests)


def test_the_words_that_were_typed_are_in_the_bytes_that_leave(server: FakeMastodon, adapter: MastodonAdapter) -> None:
    send(adapter, replace(PICTURED, language="mt", warning="Violence"))
    status = next(iter(server.statuses.values()))
    assert (status.fields["language"], status.fields["spoiler_text"], status.fields["sensitive"]) == (
        "mt", "Violence", True,
    )  # fmt: skip
    assert status.alts == ("A hand", "A telephone")


def test_every_status_is_public_whatever_the_accounts_own_default(
    server: FakeMastodon, adapter: MastodonAdapter
) -> None:
    send(adapter, Segment("Hello", "en"))
    assert next(iter(server.statuses.values())).fields["visibility"] == "public"


def test_the_key_is_kept_before_anything_is_sent(server: FakeMastodon, adapter: MastodonAdapter) -> None:
    keeper = Keeper()

    def keep(kept: dict[str, object], *, repeat_key: str = "") -> None:
        keeper(kept, repeat_key=repeat_key)
        raise LeaseLost

    with pytest.raises(LeaseLost):
        adapter.prepare(PICTURED, {}, keep, None)
    assert keeper.repeat_key == keeper.kept["key"]
    assert server.requests == []


def test_the_same_key_goes_with_every_repeat(server: FakeMastodon, adapter: MastodonAdapter) -> None:
    keeper, segment = Keeper(), Segment("Hello", "en")
    server.next_answer("drop_after_accept")
    with pytest.raises(UnclearError):
        adapter.publish(segment, adapter.prepare(segment, {}, keeper, None), None)
    published = adapter.publish(segment, adapter.prepare(segment, keeper.kept, keeper, None), None)
    assert {request.headers["Idempotency-Key"] for request in server.requests} == {keeper.repeat_key}
    assert [seen.remote_id for seen in server.posts()] == [published.remote_id]


def test_after_the_hour_the_same_key_makes_a_second_status(server: FakeMastodon, adapter: MastodonAdapter) -> None:
    """Which is why `repeat_is_harmless` ends before it."""
    segment = Segment("Hello", "en")
    prepared = adapter.prepare(segment, {}, Keeper(), None)
    adapter.publish(segment, prepared, None)
    server.later = timedelta(minutes=61)
    adapter.publish(segment, prepared, None)
    assert len(server.posts()) == 2


def test_an_edited_text_has_a_key_of_its_own(adapter: MastodonAdapter) -> None:
    keeper = Keeper()
    old = adapter.prepare(Segment("Old", "en"), {}, keeper, None)
    new = adapter.prepare(Segment("New", "en"), keeper.kept, keeper, None)
    assert new.repeat_key != old.repeat_key


@pytest.mark.parametrize(("minutes", "harmless"), [(0, True), (54, True), (55, False), (600, False)])
def test_a_repeat_is_harmless_for_fifty_five_minutes(adapter: MastodonAdapter, minutes: int, harmless: bool) -> None:
    first = datetime.now(UTC)
    assert adapter.repeat_is_harmless(first, first + timedelta(minutes=minutes)) is harmless


def test_no_repeat_is_harmless_where_the_server_may_not_keep_keys(server: FakeMastodon) -> None:
    now = datetime.now(UTC)
    assert not adapter_of(server, keeps_keys="no").repeat_is_harmless(now, now)


@pytest.mark.parametrize(
    ("version", "kept"),
    [
        ("4.4.3", True),
        ("4.5.0-beta.1+glitch", True),
        ("2.7.2 (compatible; Pleroma 2.9.0)", False),
        ("4.2.0 (not true; snac/2.96)", False),
        ("0.19.1+git", False),
        ("", False),
    ],
)
def test_only_mastodon_itself_is_trusted_with_keys(version: str, kept: bool) -> None:
    assert keeps_keys({"version": version}) is kept


def test_pictures_that_take_a_while_are_asked_for_until_they_are_ready(
    server: FakeMastodon, adapter: MastodonAdapter
) -> None:
    server.slow_media = True
    assert send(adapter, PICTURED).remote_id
    assert [media.asked for media in server.media.values()] == [2, 2]


def test_pictures_that_take_too_long_are_waited_for_without_a_second_upload(
    server: FakeMastodon, adapter: MastodonAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.slow_media = True
    monkeypatch.setattr("networks.mastodon.adapter.PROCESSING", ())
    keeper = Keeper()
    with pytest.raises(LaterError) as caught:
        adapter.prepare(PICTURED, {}, keeper, None)
    assert (caught.value.code, caught.value.wait) == ("media-processing", 30.0)
    monkeypatch.undo()
    adapter.publish(PICTURED, adapter.prepare(PICTURED, keeper.kept, keeper, None), None)
    assert calls(server, "/api/v2/media") == 2


def test_an_upload_that_is_old_is_made_again(server: FakeMastodon, adapter: MastodonAdapter) -> None:
    keeper = Keeper()
    adapter.prepare(PICTURED, {}, keeper, None)
    for upload in keeper.kept["media"].values():
        upload["at"] -= MEDIA_LIFE
    adapter.prepare(PICTURED, keeper.kept, keeper, None)
    assert calls(server, "/api/v2/media") == 4


def test_a_picture_that_the_instance_lost_is_uploaded_again(server: FakeMastodon, adapter: MastodonAdapter) -> None:
    server.slow_media = True
    keeper = Keeper()
    adapter_that_waits = adapter_of(server)
    with pytest.raises(LeaseLost):
        adapter_that_waits.prepare(PICTURED, {}, _stopping(keeper, after=2), None)
    server.media.clear()
    with pytest.raises(LaterError) as caught:
        adapter.prepare(PICTURED, keeper.kept, keeper, None)
    assert caught.value.code == "media-lost"
    assert send(adapter, PICTURED).remote_id


def _stopping(keeper: Keeper, after: int) -> Keeper:
    class Stopping(Keeper):
        left = after

        def __call__(self, kept: dict[str, object], *, repeat_key: str = "") -> None:
            keeper(kept, repeat_key=repeat_key)
            self.left -= 1
            if not self.left:
                raise LeaseLost

    return Stopping()


def test_a_failing_instance_sees_at_most_three_requests_for_a_post(
    server: FakeMastodon, adapter: MastodonAdapter
) -> None:
    """Mastodon.py makes 976 where nobody has told it a version."""
    server.down = True
    with pytest.raises(NetworkError):
        send(adapter, PICTURED)
    assert len(server.requests) <= 3


def test_a_401_asks_to_reconnect_and_a_404_is_refused(server: FakeMastodon, adapter: MastodonAdapter) -> None:
    gone = ReplyTo(Published("999", "https://x.example"), Published("999", "https://x.example"))
    with pytest.raises(RefusedError, match="does not appear to exist"):
        send(adapter, Segment("Hello", "en"), gone)
    server.tokens.clear()
    with pytest.raises(ReconnectError):
        adapter.whoami()


def test_a_text_that_is_too_long_is_refused_in_the_instances_words(adapter: MastodonAdapter) -> None:
    with pytest.raises(RefusedError, match="character limit of 500"):
        send(adapter, Segment("a" * 501, "en"))


def test_the_account_is_named_with_its_instance(server: FakeMastodon, adapter: MastodonAdapter) -> None:
    account = adapter.whoami()
    host = server.url.removeprefix("http://")
    assert (account.remote_id, account.name) == (f"{ACCOUNT_ID}@{host}", f"@helpline@{host}")


def test_an_older_post_with_the_same_text_is_not_taken_for_a_new_one(
    server: FakeMastodon, adapter: MastodonAdapter
) -> None:
    server.later = timedelta(hours=-2)
    send(adapter, Segment("Hello", "en"))
    assert find(adapter, Segment("Hello", "en")) is None


def test_a_search_that_would_read_too_far_cannot_tell(server: FakeMastodon, adapter: MastodonAdapter) -> None:
    for number in range(PAGE * PAGES):
        server._keep(f"Post {number}", {})
    assert find(adapter, Segment("Hello", "en")) is CANNOT_TELL


def test_a_post_on_a_later_page_is_found(server: FakeMastodon, adapter: MastodonAdapter) -> None:
    published = send(adapter, Segment("Hello", "en"))
    for number in range(PAGE):
        server._keep(f"Post {number}", {})
    assert find(adapter, Segment("Hello", "en")) == published


def test_a_deleted_post_is_gone_and_deleting_twice_is_no_error(adapter: MastodonAdapter) -> None:
    published = send(adapter, Segment("Hello", "en"))
    adapter.delete(published.remote_id)
    adapter.delete(published.remote_id)
    assert find(adapter, Segment("Hello", "en")) is None


def test_a_server_that_cannot_delete_is_not_said_to_have_deleted() -> None:
    """A 404 without Mastodon's words (snac 2.75, tried 2026-11-24)."""

    class Without(FakeMastodon):
        def answer(self, request: Request) -> Reply:
            return Reply(404, b"<h1>404</h1>") if request.method == "DELETE" else super().answer(request)

    with Without() as server:
        own = adapter_of(server)
        published = send(own, Segment("Hello", "en"))
        with pytest.raises(LaterError):
            own.delete(published.remote_id)


@pytest.mark.parametrize(("status", "error"), [(401, ReconnectError), (403, UnclearError), (404, UnclearError)])
def test_without_words_only_a_401_proves_that_nothing_was_posted(status: int, error: type[NetworkError]) -> None:
    class Proxy(FakeMastodon):
        def answer(self, request: Request) -> Reply:
            return Reply(status, b"<h1>No</h1>")

    with Proxy() as server, pytest.raises(error):
        send(adapter_of(server), Segment("Hello", "en"))


def test_a_boost_is_a_status_of_its_own_and_is_not_found_as_a_post(
    server: FakeMastodon, adapter: MastodonAdapter
) -> None:
    published = send(adapter, Segment("Hello", "en"))
    assert adapter.reshare(published.remote_id).remote_id != published.remote_id
    assert find(adapter, Segment("Hello", "en")) == published


def test_the_numbers_of_a_post(adapter: MastodonAdapter) -> None:
    metrics = adapter.metrics(send(adapter, Segment("Hello", "en")).remote_id)
    assert (metrics.likes, metrics.shares, metrics.replies, metrics.views) == (3, 2, 1, None)


@pytest.mark.parametrize("second_version", [True, False])
def test_the_rules_of_an_instance_count_by_its_own_limits(server: FakeMastodon, second_version: bool) -> None:
    server.second_version = second_version
    server.limits |= {"max_characters": 1000, "max_media_attachments": 8, "characters_reserved_per_url": 10}
    told = json.loads(json.dumps(adapter_of(server).limits()))
    rules = Mastodon().with_limits(told)
    assert (rules.limits.text, rules.limits.pictures, rules.measure("https://victim-support.eu")) == (1000, 8, 10)
    assert Mastodon().limits.text == 500


@pytest.mark.parametrize("absurd", [0, -1, "many", None, 10**12])
def test_an_absurd_limit_is_not_believed(server: FakeMastodon, absurd: int) -> None:
    server.limits["max_characters"] = absurd
    assert Mastodon().with_limits(adapter_of(server).limits()).limits.text == 500


def test_a_warning_counts_with_the_text() -> None:
    findings = Mastodon().check(Segment("a" * 495, "en", warning="Violence"))
    assert [one.code for one in findings] == ["text-too-long"]


@pytest.mark.parametrize("text", [*samples.WORDS, "Two\n\nparts\nof <b>it</b> & more", "Ask @user@mastodon.example."])
def test_a_text_is_recognised_as_the_instance_shows_it(text: str) -> None:
    assert same_text(content_of(text), text)
    assert not same_text(content_of(text + " more"), text)


def test_paragraphs_and_lines_are_read_as_such() -> None:
    assert text_of("<p>One<br>two</p><p>&lt;three&gt;</p>") == "One\ntwo\n\n<three>"


@pytest.mark.parametrize(("version", "told"), [("4.4.3", "4.4.3"), ("0.19.1", "3.1.4"), ("", "3.1.4"), ("x", "3.1.4")])
def test_the_library_is_always_told_a_version(version: str, told: str) -> None:
    assert told_version(version) == told


def test_a_moment_to_wait_for_counts_on_the_instances_clock() -> None:
    headers = {"X-RateLimit-Reset": "2026-11-24T10:05:00.000Z", "Date": "Tue, 24 Nov 2026 10:00:00 GMT"}
    assert wait_of(headers, now=0.0) == 300.0
    assert wait_of({"Retry-After": "7", **headers}, now=0.0) == 7.0
    assert wait_of({}, now=0.0) is None


def test_a_token_that_is_the_path_of_a_file_is_not_read_as_one(server: FakeMastodon, tmp_path: object) -> None:
    """Mastodon.py would open it, and send its first line to the instance."""
    secret = f"{tmp_path}/secret"
    with open(secret, "w", encoding="utf-8") as file:
        file.write("first line\n")
    with pytest.raises(ReconnectError):
        adapter_of(server, access_token=secret).whoami()
    assert server.requests[0].headers["Authorization"] == f"Bearer {secret}"


def test_a_picture_travels_byte_for_byte(server: FakeMastodon, adapter: MastodonAdapter) -> None:
    adapter.prepare(PICTURED, {}, Keeper(), None)
    sent = next(request.body for request in server.requests if request.path == "/api/v2/media")
    assert HAND.read() in sent
    assert base64.b64encode(HAND.read()) not in sent
