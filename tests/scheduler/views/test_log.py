"""The log page and the story of an item, in the browsers of the personas."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from scheduler.models import PublishAttempt, SegmentNumbers
from scheduler.services.story import SENTENCES, sentence
from scheduler.states import Outcome, State
from scheduler.views.log import PAGE
from tests.personas import user_of
from tests.scheduler.views.log_rows import MORNING, entry_of, item_of, payload_of, segment_of

LOG = "/log/"


def page(client: Client, address: str = LOG, status: int = 200, **asked: object) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == status
    return answer.content.decode()


def items_in(client: Client, **asked: object) -> list[int]:
    return [line.entry.item_id for line in client.get(LOG, asked).context["lines"]]


def queries_for(client: Client) -> int:
    with CaptureQueriesContext(connection) as caught:
        page(client)
    return len(caught)


def test_nobody_reads_the_log_without_signing_in(anonymous: Client):
    assert anonymous.get(LOG).status_code == 302


def test_the_coordinator_reads_every_participants_lines(officer: Client):
    item = item_of()
    entry_of(item)
    assert items_in(officer) == [item.pk]


def test_a_member_reads_its_own_lines_and_no_others(editor_fr: Client):
    own, other = item_of("france-victimes"), item_of("apav")
    entry_of(own)
    entry_of(other)
    assert items_in(editor_fr) == [own.pk]


def test_a_stranger_reads_nothing(stranger: Client):
    entry_of(item_of())
    assert items_in(stranger) == []


def test_a_line_says_when_where_what_and_the_state(officer: Client):
    entry_of(item_of())
    text = page(officer)
    for said in ("09:00:04", "Brussels", "France Victimes", "Facebook", "gave no definite answer", "needs a look"):
        assert said in text


def test_the_newest_line_comes_first(officer: Client):
    item = item_of()
    entry_of(item, "item:claimed")
    newest = entry_of(item)
    assert officer.get(LOG).context["lines"][0].entry == newest


def test_the_next_page_goes_on_below_the_last_line(officer: Client):
    item = item_of()
    made = [entry_of(item).pk for _ in range(PAGE + 1)]
    older = officer.get(LOG).context["older"]
    assert older == made[1]
    assert [line.entry.pk for line in officer.get(LOG, {"before": older}).context["lines"]] == [made[0]]


def test_the_number_of_queries_does_not_grow_with_the_lines(officer: Client):
    for _ in range(5):
        entry_of(item_of())
    page(officer)
    few = queries_for(officer)
    for _ in range(55):
        entry_of(item_of())
    assert queries_for(officer) == few


def test_the_filter_s_fields_come_when_it_is_opened(officer: Client):
    assert "<select" not in page(officer)
    opened = page(officer, filter="open")
    asked = page(officer, f"{LOG}filter/", network="facebook")
    assert 'name="channel"' in opened
    assert '<option value="facebook" selected>' in asked
    assert "<html" not in asked


def test_a_filter_in_use_stands_open(officer: Client):
    entry_of(item_of())
    assert 'name="channel"' in page(officer, network="facebook")


def test_the_tab_stays_with_the_filter(officer: Client):
    assert '<input type="hidden" name="show" value="failed">' in page(officer, f"{LOG}filter/", show="failed")


@pytest.mark.parametrize(
    ("name", "value"), [("network", "facebook"), ("state", "uncertain"), ("language", "fr"), ("since", "2026-04-11")]
)
def test_a_filter_keeps_what_fits_it(officer: Client, name: str, value: str):
    fitting, other = item_of(), item_of("apav", State.PUBLISHED, "mastodon")
    entry_of(fitting, language="fr")
    entry_of(other, language="pt", at=MORNING.replace(day=9))
    assert items_in(officer, **{name: value}) == [fitting.pk]


def test_organisation_channel_and_post_narrow_the_log(officer: Client):
    fitting, other = item_of(), item_of("apav")
    entry_of(fitting)
    entry_of(other)
    for asked in (
        {"organisation": fitting.channel.organisation_id}, {"channel": fitting.channel_id}, {"post": fitting.post_id},
    ):  # fmt: skip
        assert items_in(officer, **asked) == [fitting.pk]


def test_the_last_day_ends_at_midnight_where_the_person_is(officer: Client):
    item = item_of()
    entry_of(item, at=MORNING.replace(hour=22))  # the twelfth, in Brussels
    assert items_in(officer, until="2026-04-11") == []


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "31.02.2026"}, {"since": "2026-04-12", "until": "2026-04-11"}, {"network": "pigeon"},
        {"organisation": "1; --"},
    ],
)  # fmt: skip
def test_a_bad_filter_is_answered_next_to_its_field(officer: Client, asked: dict[str, str]):
    entry_of(item_of())
    text = page(officer, status=422, **asked)
    assert "invalid-feedback" in text
    assert "Put the filter right" in text


@pytest.mark.parametrize("before", ["soon", "-1", "9" * 40, "²"])
def test_a_bad_cursor_shows_the_first_page(officer: Client, before: str):
    item = item_of()
    entry_of(item)
    assert items_in(officer, before=before) == [item.pk]


def test_another_organisations_channel_is_no_choice(editor_fr: Client):
    page(editor_fr, status=422, channel=item_of("apav").channel_id)


@pytest.mark.parametrize(
    ("tab", "state"), [("look", State.UNCERTAIN), ("failed", State.FAILED), ("hand", State.WAITING)]
)
def test_a_tab_shows_each_items_newest_line(officer: Client, tab: str, state: State):
    item = item_of(state=state)
    entry_of(item, "item:claimed", state_to=State.PUBLISHING)
    entry_of(item)
    entry_of(item_of(state=State.PUBLISHED))
    assert items_in(officer, show=tab) == [item.pk]


def test_the_page_counts_what_needs_a_look(officer: Client):
    item_of()
    assert '<span class="count look">1</span>' in page(officer)


def test_every_verb_has_its_sentence():
    assert all(str(words) for words in SENTENCES.values())


@pytest.mark.django_db
@pytest.mark.parametrize("verb", SENTENCES)
def test_a_sentence_can_be_said_without_any_facts(verb: str):
    assert "%(" not in sentence(entry_of(item_of(), verb))


@pytest.mark.django_db
def test_a_retry_says_why_and_when():
    said = sentence(entry_of(item_of(), "item:retry", facts={"wait": 600, "code": "429"}))
    assert "(429)" in said
    assert "10 minutes" in said


@pytest.mark.django_db
def test_a_held_line_says_why():
    said = sentence(entry_of(item_of(), "item:held", facts={"reason": "embargo"}))
    assert "because a link is under embargo" in said


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["item:cancelled", "item:failed", "item:missed"])
def test_a_line_never_says_not_out_of_what_may_be_out(verb: str):
    said = sentence(entry_of(item_of(state=State.UNRESOLVED), verb, facts={"lost_claims": 5}))
    assert "may be out on Facebook" in said


@pytest.mark.django_db
def test_a_read_back_says_whether_it_was_found():
    item = item_of()
    assert "did not find it" in sentence(entry_of(item, "item:looked", facts={"found": False}))
    assert "and found it" in sentence(entry_of(item, "item:looked", facts={"found": True}))


@pytest.mark.django_db
def test_an_unknown_verb_stands_for_itself():
    assert sentence(entry_of(item_of(), "item:painted")) == "item:painted"


def test_the_story_is_not_found_by_a_stranger(stranger: Client, editor_pt: Client):
    address = reverse("item_story", args=[item_of().pk])
    assert stranger.get(address).status_code == 404
    assert editor_pt.get(address).status_code == 404


def test_the_story_says_who_scheduled_it(officer: Client):
    item, actor = item_of(), user_of("editor_fr")
    User.objects.filter(pk=actor.pk).update(name="Communications desk")
    own = item.channel.organisation
    entry_of(item, "item:scheduled", actor_id=actor.actor_id, actor_role="editor", actor_organisation_id=own.pk)
    assert "Editor, France Victimes (Communications desk)" in page(officer, reverse("item_story", args=[item.pk]))


def test_the_story_holds_text_digest_address_and_the_tries(officer: Client):
    item = item_of()
    url = "https://facebook.example/1"
    segment = segment_of(item, "Appelez le 116 006.", url=url, published_at=MORNING)
    PublishAttempt.objects.create(
        segment=segment, fence=1, host="h", boot_id="b", pid=1, started="1", sent_at=MORNING, outcome=Outcome.UNCLEAR
    )
    text = page(officer, reverse("item_story", args=[item.pk]))
    for said in ("Appelez le 116 006.", "a" * 64, f'href="{url}"', "no definite answer", "09:00:04 Paris"):
        assert said in text


def test_an_address_that_is_not_of_the_web_is_no_link(officer: Client):
    item = item_of()
    segment_of(item, url="javascript:alert(1)", published_at=MORNING)
    assert "javascript:" not in page(officer, reverse("item_story", args=[item.pk]))


def test_the_networks_answer_is_shown_and_escaped(officer: Client):
    item = item_of()
    payload_of(entry_of(item), body={"code": "190", "message": "<b>Session</b> ended"})
    assert "&lt;b&gt;Session&lt;/b&gt; ended" in page(officer, reverse("item_story", args=[item.pk]))


def test_a_forgotten_answer_says_that_it_was_erased(officer: Client):
    item = item_of()
    payload_of(entry_of(item), body={}, erased_at=MORNING)
    assert "were erased" in page(officer, reverse("item_story", args=[item.pk]))


def test_a_picture_is_shown_as_it_was_frozen(officer: Client, stranger: Client):
    content = b"\x89PNG"
    digest = hashlib.sha256(content).hexdigest()
    name = default_storage.save("pictures/one.png", ContentFile(content))
    item = item_of()
    picture = {"digest": digest, "name": name, "content_type": "image/png", "alt": "A field", "width": 1, "height": 1}
    segment_of(item, pictures=[{**picture, "size": 4}])
    address = reverse("log_picture", args=[item.pk, digest])
    assert digest in page(officer, reverse("item_story", args=[item.pk]))
    assert officer.get(address).content == content
    assert stranger.get(address).status_code == 404


def test_the_buttons_are_for_those_who_may_settle(officer: Client, editor_fr: Client, admin: Client):
    address = reverse("item_story", args=[item_of().pk])
    assert "It is not there: send again" not in page(officer, address)
    assert "It is not there: send again" in page(editor_fr, address)
    assert "It is not there: send again" in page(admin, address)


def test_a_published_item_offers_nothing_to_settle(editor_fr: Client):
    assert "Say what you found" not in page(editor_fr, reverse("item_story", args=[item_of(state=State.PUBLISHED).pk]))


def test_the_story_shows_the_content_warning_that_went_out(officer: Client):
    item = item_of()
    entry_of(item)
    segment_of(item, warning="Violence")
    text = page(officer, reverse("item_story", args=[item.pk]))
    assert "Content warning:" in text
    assert "Violence" in text


def test_the_story_shows_what_the_network_counted_and_when_it_was_read(officer: Client):
    item = item_of(state=State.PUBLISHED)
    segment = segment_of(item, published_at=MORNING)
    story = reverse("item_story", args=[item.pk])
    assert "Numbers" not in page(officer, story)
    SegmentNumbers.objects.create(segment=segment, likes=3, shares=0, read_at=MORNING)
    text = " ".join(page(officer, story).split())
    assert 'Likes: <b class="num">3</b> · Shares: <b class="num">0</b>' in text
    assert "(read Sat 11 April, 09:00 Paris)" in text
    assert "Views" not in text


def test_a_post_without_any_number_says_so(officer: Client):
    item = item_of(state=State.PUBLISHED)
    SegmentNumbers.objects.create(segment=segment_of(item), read_at=MORNING)
    assert "The network tells none for this post." in page(officer, reverse("item_story", args=[item.pk]))
