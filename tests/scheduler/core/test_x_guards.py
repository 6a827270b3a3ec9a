"""What stands guard over X by its API: the switch, handles, near-duplicates, the budget, links."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from accounts.actors import CHORUS
from accounts.crypto import encrypt
from campaign.models import Link, Target, TargetHandle, Translation
from networks.errors import ReconnectError
from networks.x.adapter import XAdapter
from scheduler import clock
from scheduler.models import Channel, PublishAttempt, ScheduledItem, SimilarText, Transport
from scheduler.services import budget, gates, schedule, similar, x_guard
from scheduler.services.adapters import adapter_for
from scheduler.services.budget import _month
from scheduler.services.errors import ScheduleError
from scheduler.services.gate_facts import Closed
from scheduler.states import HoldReason, Outcome, State
from tests import factories
from tests.factories import World, make_world
from tests.networks.fakes.x import FakeX
from tests.scheduler.core.steps import make_due, planned, published

FULL = "116 006 answers in thirteen European countries, free of charge. {hashtags}"


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX() as x:
        yield x


@pytest.fixture
def world(db: None, x: FakeX, settings: Settings) -> World:
    settings.X_API = True
    world = make_world("x", Transport.API, base_url=x.url)
    factories.revise(world.source, FULL)
    target = Target.objects.create(campaign=world.campaign, name="Commission")
    TargetHandle.objects.create(target=target, network="x", handle="EU_Commission")
    Link.objects.update(url="https://victim-support.eu/statement")
    Channel.objects.update(credentials=encrypt(x.credentials()))
    world.channel.refresh_from_db()
    return world


def another(world: World, full: str = FULL, network: str = "x", transport: str = Transport.API) -> World:
    """The same campaign's post in the words of another organisation, on a channel of its own."""
    own = factories.organisation()
    words = factories.translation(world.post, own, full=full)
    Translation.objects.filter(pk=words.pk).update(source_revision=world.source.revision)
    channel = factories.channel(own, network, transport)
    Channel.objects.filter(pk=channel.pk).update(credentials=world.channel.credentials, base_url=world.channel.base_url)
    channel.refresh_from_db()
    return World(own, world.campaign, world.post, words, channel)


def in_line(world: World, **columns: object) -> ScheduledItem:
    """A planned item whose words are in the index, without the checks of the page."""
    item = factories.item(world.post, world.channel, revision=world.source.words, **columns)
    x_guard.remember_planned(item)
    return item


def first_closed(item: ScheduledItem) -> Closed | None:
    return gates.first_closed(item.pk)


def spend(item: ScheduledItem, outcome: str, text: str = "Plain.") -> None:
    """A try that was sent now."""
    segment = item.segments.create(position=item.segments.count(), text=text, frozen_at=clock.now(), digest="0" * 64)
    PublishAttempt.objects.create(
        segment=segment, fence=1, host="h", boot_id="b", pid=1, started="s", sent_at=clock.now(), outcome=outcome
    )


def test_switched_off_x_has_no_adapter_and_says_what_to_do(world: World, settings: Settings) -> None:
    assert isinstance(adapter_for(world.channel), XAdapter)
    assert x_guard.refusal("x") == ""
    settings.X_API = False
    with pytest.raises(ReconnectError, match="Post by hand"):
        adapter_for(world.channel)
    assert x_guard.refusal("x")
    assert x_guard.refusal("mastodon") == ""


def test_the_operator_reads_what_it_risks() -> None:
    assert "suspended" in str(x_guard.RISKS[0])
    assert all(str(risk).endswith(".") for risk in x_guard.RISKS)


def test_a_post_goes_out_on_x_without_handles_by_machine(world: World, x: FakeX) -> None:
    factories.revise(world.source, f"{FULL} {{targets}}")
    wall = (clock.now() + timedelta(minutes=1)).astimezone(world.organisation.zone).replace(tzinfo=None)
    item = schedule.schedule(schedule.Wish(world.post, world.channel, "en", wall, accepted="We know."), CHORUS)
    make_due(item)
    item = published(item)
    assert item.state == State.PUBLISHED
    assert "@" not in x.posts()[0].text
    assert item.segments.get().url.startswith("https://x.com/chorus_test/status/")


def test_a_finding_says_that_handles_are_left_out(world: World) -> None:
    factories.revise(world.source, f"{FULL} {{targets}}")
    seen = schedule.preview(world.post, world.channel, "en").rendering
    assert seen is not None
    assert [finding.code for finding in seen.findings] == ["handles-left-out"]
    by_hand = factories.channel(world.organisation, "x", Transport.BY_HAND)
    seen = schedule.preview(world.post, by_hand, "en").rendering
    assert seen is not None
    assert "@EU_Commission" in seen.segments[0].text
    assert seen.findings == ()


def test_the_same_words_on_a_second_account_are_refused_before_they_are_planned(world: World) -> None:
    in_line(world)
    other = another(world, FULL.replace("answers", "replies"))
    with pytest.raises(ScheduleError, match="says almost the same"):
        planned(other)


def test_of_two_that_were_planned_at_once_the_later_one_is_held(world: World) -> None:
    first = in_line(world)
    second = in_line(another(world))
    assert first_closed(first) is None
    closed = first_closed(second)
    assert closed is not None
    assert (closed.reason, first.channel.name in closed.sentence) == (HoldReason.SIMILAR, True)


def test_a_claim_holds_what_says_the_same_as_another_account(world: World, x: FakeX) -> None:
    in_line(world, state=State.PUBLISHED)
    item = published(in_line(another(world)))
    assert (item.state, item.hold_reason, x.posts()) == (State.HELD, HoldReason.SIMILAR, [])


@pytest.mark.parametrize("state", [State.CANCELLED, State.FAILED, State.MISSED])
def test_a_text_that_will_not_go_out_stands_in_nobodys_way(world: World, state: State) -> None:
    in_line(world, state=state)
    assert first_closed(in_line(another(world))) is None


def test_other_words_other_languages_and_posts_by_hand_are_not_compared(world: World) -> None:
    in_line(world)
    own_words = another(world, "Wer Hilfe sucht, ruft an: rund um die Uhr, kostenlos, in jeder Sprache.")
    assert first_closed(in_line(own_words)) is None
    said = "116 006 answers in thirteen European countries, free of charge."
    assert similar.nearest(own_words.channel, "fr", said) is None
    assert similar.nearest(own_words.channel, "en", said) is not None
    by_hand = another(world, transport=Transport.BY_HAND)
    assert similar.nearest(by_hand.channel, "en", said) is None
    assert first_closed(in_line(by_hand)) is None


def test_an_edited_text_goes_to_the_end_of_the_line(world: World) -> None:
    first, second = in_line(world), in_line(another(world))
    similar.remember(first, "Something else in between, said at some length.")
    similar.remember(first, "116 006 answers in thirteen European countries, free of charge. #116006helpline")
    assert first_closed(second) is None
    assert similar.too_similar(first)
    assert SimilarText.objects.count() == 2


def test_one_channel_may_say_the_same_again(world: World) -> None:
    in_line(world)
    assert first_closed(in_line(world, occurrence=1, language="pt")) is None
    assert (
        similar.nearest(world.channel, "en", "116 006 answers in thirteen European countries, free of charge.") is None
    )


def test_the_page_says_what_a_post_costs_with_and_without_a_link(world: World) -> None:
    seen = schedule.preview(world.post, world.channel, "en").rendering
    assert seen is not None
    cost = budget.cost(world.channel, seen.segments)
    assert cost is not None
    assert (cost.amount, cost.has_link, cost.left) == (Decimal("0.015"), False, budget.MONTHLY)
    assert "0.200" in cost.sentence
    assert "USD" in cost.sentence
    assert budget.cost(another(world, network="mastodon").channel, seen.segments) is None


def test_what_is_unclear_counts_as_spent_and_what_was_refused_does_not(world: World) -> None:
    item = in_line(world)
    spend(item, Outcome.PUBLISHED)
    spend(item, Outcome.UNCLEAR, "See https://victim-support.eu")
    spend(item, Outcome.REFUSED)
    assert budget.spent(world.channel, clock.now()) == Decimal("0.215")


def test_a_used_up_budget_holds_with_words_until_it_is_raised(world: World) -> None:
    item = in_line(world)
    spend(item, Outcome.PUBLISHED, "See https://victim-support.eu")
    budget.agree(world.channel, Decimal("0.20"), links=True)
    closed = first_closed(item)
    assert closed is not None
    assert closed.reason == HoldReason.BUDGET
    assert "0.20 of 0.20 USD" in closed.sentence
    budget.agree(world.channel, Decimal("1.00"), links=True)
    assert first_closed(item) is None


def test_the_next_month_has_a_budget_of_its_own(world: World) -> None:
    item = in_line(world)
    spend(item, Outcome.PUBLISHED, "See https://victim-support.eu")
    budget.agree(world.channel, Decimal("0.20"), links=True)
    item.due_at = clock.now() + timedelta(days=32)
    assert budget.used_up(item) == ""


def test_a_post_that_is_dearer_than_what_is_left_is_held_before_it_is_sent(world: World, x: FakeX) -> None:
    factories.revise(world.source, "See {link:statement}")
    budget.agree(world.channel, Decimal("0.10"), links=True)
    item = published(planned(world))
    assert (item.state, item.hold_reason, x.posts()) == (State.HELD, HoldReason.BUDGET, [])


def test_links_can_be_switched_off_for_a_channel(world: World) -> None:
    factories.revise(world.source, "See {link:statement}")
    budget.agree(world.channel, Decimal("5.00"), links=False)
    with pytest.raises(ScheduleError, match=r"0\.200 instead of 0\.015 USD"):
        planned(world)


@pytest.mark.parametrize(("after", "first"), [(0, date(2026, 12, 1)), (1, date(2027, 1, 1))])
def test_a_month_ends_where_the_year_does(after: int, first: date) -> None:
    assert _month(datetime(2026, 12, 31, 23, 59, tzinfo=UTC), after).date() == first
