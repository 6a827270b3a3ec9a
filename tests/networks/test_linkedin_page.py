"""What leaves for LinkedIn byte by byte, how pages are connected and renewed, and what LinkedIn's refusals mean."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from networks.base import ApiVersion
from networks.connecting import App
from networks.content import CANNOT_TELL, Json, Mention, Metrics, Prepared, Published, Segment
from networks.errors import DuplicateError, LaterError, NetworkError, ReconnectError, RefusedError
from networks.linkedin import LinkedIn, session
from networks.linkedin import adapter as linkedin_adapter
from networks.linkedin.adapter import LinkedInAdapter
from networks.linkedin.connector import LinkedInConnector
from networks.linkedin.little import little, plain
from networks.text import LINKEDIN_RESERVED
from tests.networks import samples
from tests.networks.contract import Keeper
from tests.networks.fakes.consent import CLIENT_ID, CLIENT_SECRET
from tests.networks.fakes.linkedin import OTHER_PAGE, PAGE, FakeLinkedIn, shown

HAND, PHONE = samples.picture("A hand — “help”"), samples.picture("Ένα τηλέφωνο (116 006)")
RESERVED = "|{}@[]()<>#*_~\\"
BACK = "https://chorus.example/back"


@pytest.fixture
def linkedin() -> Iterator[FakeLinkedIn]:
    with FakeLinkedIn() as linkedin:
        yield linkedin


@pytest.fixture
def adapter(linkedin: FakeLinkedIn) -> LinkedInAdapter:
    made = LinkedInAdapter(linkedin.url, linkedin.credentials())
    made.pause = 0.0
    return made


def send(adapter: LinkedInAdapter, segment: Segment) -> Published:
    return adapter.publish(segment, adapter.prepare(segment, {}, Keeper(), None), None)


def refused(linkedin: FakeLinkedIn, adapter: LinkedInAdapter, scenario: str) -> NetworkError:
    linkedin.next_answer(scenario)
    with pytest.raises(NetworkError) as caught:
        send(adapter, Segment("Help.", "en"))
    return caught.value


def find(adapter: LinkedInAdapter, segment: Segment) -> object:
    return adapter.find(segment, Prepared(), datetime.now(UTC) - timedelta(minutes=5), None, frozenset())


def sent(linkedin: FakeLinkedIn) -> Json:
    return next(one.json() for one in linkedin.requests if (one.method, one.path) == ("POST", "/rest/posts"))


def test_the_reserved_characters_are_those_of_the_documents() -> None:
    assert all(LINKEDIN_RESERVED.fullmatch(sign) for sign in RESERVED)


@pytest.mark.parametrize("sign", RESERVED)
def test_nothing_is_cut_at_a_reserved_character(linkedin: FakeLinkedIn, adapter: LinkedInAdapter, sign: str) -> None:
    send(adapter, Segment(f"before {sign} after{sign}", "en"))
    assert linkedin.kept[0].shown == f"before {sign} after{sign}"


@pytest.mark.parametrize("sign", RESERVED.replace("\\", ""))
def test_the_local_server_cuts_where_the_backslash_is_missing(sign: str) -> None:
    assert shown(f"before {sign} after") == "before "


def test_the_typed_words_stand_in_the_bytes_that_leave(linkedin: FakeLinkedIn, adapter: LinkedInAdapter) -> None:
    text = "Opfer & Rechte — ρωτήστε 116 006 👩‍👩‍👧 #VictimsRights https://victim-support.eu/a"
    send(adapter, Segment(text, "de", (HAND, PHONE)))
    assert sent(linkedin)["commentary"] == text
    assert [one["altText"] for one in sent(linkedin)["content"]["multiImage"]["images"]] == [HAND.alt, PHONE.alt]
    assert list(linkedin.pictures.values()) == [HAND.read(), PHONE.read()]


def test_one_picture_is_media_and_none_is_no_content(linkedin: FakeLinkedIn, adapter: LinkedInAdapter) -> None:
    send(adapter, Segment("One.", "en", (HAND,)))
    assert sent(linkedin)["content"]["media"]["altText"] == HAND.alt
    linkedin.requests.clear()
    send(adapter, Segment("None.", "en"))
    assert "content" not in sent(linkedin)


def test_a_mention_travels_with_its_urn(linkedin: FakeLinkedIn, adapter: LinkedInAdapter) -> None:
    mentions = (Mention("@Chorus tests (EU)", PAGE), Mention("@somebody"))
    send(adapter, Segment("With @Chorus tests (EU), and @somebody.", "en", mentions=mentions))
    assert sent(linkedin)["commentary"] == rf"With @[Chorus tests \(EU\)]({PAGE}), and \@somebody."
    assert linkedin.kept[0].shown == "With @Chorus tests (EU), and @somebody."


def test_what_travels_says_the_same_when_it_comes_back() -> None:
    text = "a_b (c) #Tag #116 {x} \\ @Page_1 @nobody"
    assert plain(little(text, [Mention("@Page_1", PAGE)])) == text
    assert plain(r"{hashtag|\#|Tag} and {hashtag|#|More}") == "#Tag and #More"


def test_a_post_with_signs_hashtags_and_mentions_is_found(adapter: LinkedInAdapter) -> None:
    segment = Segment("(a_b) #Tag @Page\n\n* x", "en", mentions=(Mention("@Page", PAGE),))
    published = send(adapter, segment)
    assert find(adapter, segment) == published


def test_more_new_posts_than_were_read_means_that_nobody_can_tell(
    adapter: LinkedInAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linkedin_adapter, "LOOKED_THROUGH", 2)
    for number in range(3):
        send(adapter, Segment(f"Post {number}", "en"))
    assert find(adapter, Segment("Another", "en")) is CANNOT_TELL


def test_a_duplicate_names_the_post(linkedin: FakeLinkedIn, adapter: LinkedInAdapter) -> None:
    first = send(adapter, Segment("Help.", "en"))
    with pytest.raises(DuplicateError) as caught:
        send(adapter, Segment("Help.", "en"))
    assert (caught.value.remote_id, caught.value.url) == (first.remote_id, first.url)
    assert first.url == f"https://www.linkedin.com/feed/update/{first.remote_id}/"


def test_a_missing_right_holds_the_channel(linkedin: FakeLinkedIn, adapter: LinkedInAdapter) -> None:
    assert type(refused(linkedin, adapter, "no_right")) is ReconnectError


def test_a_used_up_quota_waits_an_hour_and_never_past_midnight() -> None:
    assert session.quota_wait(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()) == 3600.0
    assert session.quota_wait(datetime(2026, 11, 24, 23, 50, tzinfo=UTC).timestamp()) == 601.0


def test_a_version_that_ended_says_so(
    linkedin: FakeLinkedIn, adapter: LinkedInAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(session.VERSION_HEADERS, "LinkedIn-Version", "202501")
    with pytest.raises(ReconnectError) as caught:
        send(adapter, Segment("Help.", "en"))
    assert caught.value.code == "version-ended"


def test_the_version_has_an_end_that_is_known() -> None:
    version = LinkedIn.api_version
    assert isinstance(version, ApiVersion)
    assert version.ends > date(2027, 1, 1)
    assert "read 2026-" in version.source


def test_a_picture_that_takes_its_time_is_waited_for_and_then_asked_after_later(
    linkedin: FakeLinkedIn, adapter: LinkedInAdapter
) -> None:
    linkedin.slow = 4
    keeper, segment = Keeper(), Segment("Help.", "en", (HAND,))
    with pytest.raises(LaterError) as caught:
        adapter.prepare(segment, {}, keeper, None)
    assert caught.value.code == "picture-processing"
    adapter.publish(segment, adapter.prepare(segment, keeper.kept, keeper, None), None)
    assert len(linkedin.pictures) == 1


@pytest.mark.parametrize(
    "url", ["https://evil.example/x", "http://169.254.169.254/x", "https://linkedin.com.evil.example/x"]
)
def test_a_picture_goes_to_linkedin_alone(url: str) -> None:
    with pytest.raises(LaterError, match="not its own"):
        session._check_upload_address(url, "https://api.linkedin.com")
    session._check_upload_address("https://www.linkedin.com/dms-uploads/x", "https://api.linkedin.com")


def test_numbers_are_read_and_unknown_ones_stay_unknown(adapter: LinkedInAdapter) -> None:
    assert adapter.metrics(send(adapter, Segment("Help.", "en")).remote_id) == Metrics(3, 2, 1, 90)
    assert adapter.metrics("urn:li:share:1") == Metrics()


def test_a_reshare_names_its_parent_and_a_delete_may_come_twice(
    linkedin: FakeLinkedIn, adapter: LinkedInAdapter
) -> None:
    shared = adapter.reshare("urn:li:share:6999999999")
    assert linkedin.kept[0].parent == "urn:li:share:6999999999"
    adapter.delete(shared.remote_id)
    adapter.delete(shared.remote_id)
    assert linkedin.kept == []


def test_a_token_that_is_over_is_renewed_and_the_post_comes_again_later(linkedin: FakeLinkedIn) -> None:
    stored: list[dict[str, str]] = []
    old = linkedin.credentials()
    made = LinkedInAdapter(linkedin.url, old, lambda new: stored.append(dict(new)))
    linkedin.consents.access.clear()
    with pytest.raises(LaterError) as caught:
        send(made, Segment("Help.", "en"))
    assert (caught.value.code, linkedin.kept) == ("token-renewed", [])
    assert stored[0]["refresh_token"] == old["refresh_token"]
    assert send(made, Segment("Help.", "en")).remote_id


def test_a_token_without_a_refresh_token_must_be_connected_again(linkedin: FakeLinkedIn) -> None:
    made = LinkedInAdapter(linkedin.url, linkedin.credentials() | {"refresh_token": ""})
    linkedin.consents.access.clear()
    with pytest.raises(ReconnectError):
        send(made, Segment("Help.", "en"))


def connector(linkedin: FakeLinkedIn) -> LinkedInConnector:
    return LinkedInConnector(linkedin.url, App(CLIENT_ID, CLIENT_SECRET))


def walk(url: str, answer: str = "yes") -> dict[str, str]:
    """What a browser brings back from the consent page."""
    assert "Authorize app" in requests.get(url, timeout=5).text
    back = requests.post(url, data={"answer": answer}, timeout=5, allow_redirects=False).headers["Location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def test_a_person_chooses_among_the_pages_on_which_they_may_post(linkedin: FakeLinkedIn) -> None:
    consent = connector(linkedin).consent(BACK, "the-state")
    grants = connector(linkedin).exchange(BACK, walk(consent.url), consent.kept)
    assert [(grant.account.remote_id, grant.account.url) for grant in grants] == [
        (PAGE, "https://www.linkedin.com/company/chorus-tests/"),
        (OTHER_PAGE, "https://www.linkedin.com/company/1000002/"),
    ]
    assert send(LinkedInAdapter(linkedin.url, grants[0].credentials), Segment("Help.", "en")).remote_id


def test_the_connection_ends_with_its_refresh_token(linkedin: FakeLinkedIn) -> None:
    linkedin.consents.gives_refresh = False
    consent = connector(linkedin).consent(BACK, "the-state")
    ends = connector(linkedin).exchange(BACK, walk(consent.url), consent.kept)[0].expires_at
    assert ends is not None
    assert abs(ends.timestamp() - time.time() - 60 * 86400) < 60
    linkedin.consents.gives_refresh = True
    later = connector(linkedin).exchange(BACK, walk(consent.url), consent.kept)[0].expires_at
    assert later is not None
    assert (later - ends).days >= 304


def test_the_consent_page_is_linkedins_own() -> None:
    consent = LinkedInConnector("https://api.linkedin.com", App(CLIENT_ID, CLIENT_SECRET)).consent(BACK, "the-state")
    assert consent.url.startswith("https://www.linkedin.com/oauth/v2/authorization?")


def test_who_may_post_on_no_page_is_told_so(linkedin: FakeLinkedIn) -> None:
    linkedin.roles = [linkedin.roles[2]]
    consent = connector(linkedin).consent(BACK, "the-state")
    with pytest.raises(RefusedError, match="no page"):
        connector(linkedin).exchange(BACK, walk(consent.url), consent.kept)


def test_a_refused_consent_is_said_in_words(linkedin: FakeLinkedIn) -> None:
    consent = connector(linkedin).consent(BACK, "the-state")
    with pytest.raises(RefusedError, match="not allowed"):
        connector(linkedin).exchange(BACK, walk(consent.url, "no"), consent.kept)


def test_a_missing_scope_names_the_operators_app(linkedin: FakeLinkedIn) -> None:
    consent = connector(linkedin).consent(BACK, "the-state")
    answer = walk(consent.url)
    linkedin.consents.codes[answer["code"]].scope = "r_organization_social"
    with pytest.raises(RefusedError, match="w_organization_social"):
        connector(linkedin).exchange(BACK, answer, consent.kept)
