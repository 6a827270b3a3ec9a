"""Hypothesis drives items of two channels through the core in one process: hands that die or sleep at any step, the
reaper, the read-back and people, against a network in memory. After each step the oracle of the fault runs compares;
at the end everything is made whole, and every item must come to an end or stand before a person.

CHORUS_STATE_MACHINE_EXAMPLES=60 looks longer: so many examples of each opening.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.actors import CHORUS, Actor
from accounts.models import Organisation
from campaign.models import Campaign, Post, Translation, TranslationState
from scheduler import clock, listen, steps
from scheduler.models import Channel, Health, PublishAttempt, ScheduledItem, Segment
from scheduler.services import change, look, reap, settle, sweep
from scheduler.services.claim import Claim, claim_next
from scheduler.services.errors import ConflictError, ScheduleError
from scheduler.services.publish import publish_claimed
from scheduler.services.schedule import Wish, schedule
from scheduler.states import NEEDS_A_PERSON, HoldReason, State
from tests.factories import channel, item, make_world, post, revise, translation
from tests.faults.evidence import beside, mark_of
from tests.faults.oracle import Verdict, judge
from tests.faults.world import words
from tests.scheduler.core.memory_network import ANSWERS, GOOD, RESET, MemoryNetwork

EXAMPLES = int(os.environ.get("CHORUS_STATE_MACHINE_EXAMPLES", "0"))
FEW = settings(
    max_examples=EXAMPLES or 5,
    stateful_step_count=50 if EXAMPLES else 25,
    derandomize=not EXAMPLES,
    database=None,
    phases=(Phase.generate,) if not EXAMPLES else tuple(Phase),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
DIES_AT = (
    steps.AFTER_CLAIM, steps.DURING_PREPARE, steps.BEFORE_BEGIN_COMMIT, steps.AFTER_BEGIN, steps.AFTER_ACCEPTED,
    steps.AFTER_OUTCOME,
)  # fmt: skip
SLEEPS_AT = (steps.AFTER_CLAIM, steps.DURING_PREPARE, steps.AFTER_BEGIN, steps.AFTER_ACCEPTED)
"""Where no transaction is open: in one process nobody else could work in the middle of one."""
PAST_THE_LEASE = timedelta(seconds=100)
AT_ANY_TIME = ("accepted_twice", "said_published_not_there", "disagreements")
PLAIN_DEEDS: dict[str, Callable[[int, int, Actor], ScheduledItem]] = {
    "cancel": change.cancel, "now": change.publish_now, "stop": settle.stop_here, "confirm": change.still_right,
}  # fmt: skip
PERSON = ("again", "leave", "there", "move", "plan", *PLAIN_DEEDS)
SETTLING = ("leave", "again", "there", "stop", "now")
OTHERS = ("edit", "take approval", "approve", "pause organisation", "pause campaign", "go on", "sign in")
SOME_ANSWERS = st.sampled_from([(answer,) for answer in ANSWERS] + [(GOOD, answer) for answer in ANSWERS[1:]])
"""To every call of a hand, or to all but its first."""
INTERESTING = {*State} - {State.DRAFT, State.WAITING} | {"retry", "reaped", "found"}


OPENINGS = (
    "something that may be out was left",
    "a thread was cut short",
    "a post was refused",
    "one was put off, another called off",
    "a hand died with an item",
    "a hand slept with an item",
    "a hand was overtaken",
)


class DiedError(BaseException):
    """The worker is gone: nothing in the product may catch this."""


class Lifecycle(RuleBasedStateMachine):
    """A post with a deliberate repeat and a thread, on a channel that can be read back and on one that cannot; time
    passes only by rules. `seen` counts, over all examples, what was reached."""

    patch: pytest.MonkeyPatch
    seen: Counter[str]
    opening: str

    @initialize()
    def a_world(self) -> None:
        """Everything in a transaction that is rolled back at the end."""
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.later, self.edits = timedelta(), 0
        self.at: dict[str, Callable[[], None]] = {}
        self.held: list[Claim] = []
        self.dead: set[int] = set()
        self.networks: dict[int, MemoryNetwork] = {}
        self._plan()
        self.patch.setattr("scheduler.services.publish.adapter_for", lambda of: self.networks[of.pk])
        self.patch.setattr("scheduler.services.look.adapter_for", lambda of: self.networks[of.pk])
        self.patch.setattr("scheduler.steps.reached", self._reached)
        self.patch.setattr("scheduler.services.claim.Claim.time_left", lambda claim: 1000.0)
        self.patch.setattr("scheduler.services.reap.is_gone", lambda attempt: attempt.pk in self.dead)
        self._open()

    def _open(self) -> None:
        """Leads at once to where chance alone seldom comes."""
        match self.opening:
            case "something that may be out was left":
                self.hands_work((RESET,), 1)
                self.a_person_settles("leave")
            case "a thread was cut short":
                self.hands_work((GOOD, "refused"), 1)
            case "a post was refused":
                self.time_passes(700)
                self.hands_work(("refused",), 2)
            case "one was put off, another called off":
                self.hands_work(("rate limit",), 1)
                self.a_person_acts(1, "cancel")
            case "a hand died with an item":
                self.a_hand_dies((GOOD,), steps.AFTER_ACCEPTED)
                self.time_passes(130)
                self.somebody_tends("reaper")
            case "a hand slept with an item":
                self.a_hand_sleeps((GOOD,), steps.AFTER_CLAIM, "claim")
                self.a_hand_goes_on((GOOD,))
            case "a hand was overtaken":
                self.a_hand_sleeps((GOOD,), steps.DURING_PREPARE, "publish")

    def _plan(self) -> None:
        self.world = make_world()
        plain, blind = self.world.channel, channel(self.world.organisation)
        for one, kind in ((plain, "plain"), (blind, "blind")):
            one.remote_id = f"{kind}-{one.pk}"
            one.save()
            self.networks[one.pk] = MemoryNetwork(one.remote_id, blind=kind == "blind")
        thread, other = post(self.world.campaign, title="thread"), post(self.world.campaign)
        for made in (thread, other):
            translation(made, self.world.organisation)
        for made in (self.world.post, thread, other):
            revise(made.translations.get(), words(made))
        first, begin = self.world.post, clock.now()
        planned = ((thread, plain, 1), (first, blind, 1), (first, plain, 1), (thread, blind, 1), (first, plain, 2))
        self.items = [
            item(made, on, begin + place * timedelta(minutes=10), occurrence=number).pk
            for place, (made, on, number) in enumerate((*planned, (other, plain, 1), (other, blind, 1)))
        ]

    def _reached(self, step: str, item_id: int) -> None:
        if happens := self.at.pop(step, None):
            happens()

    def _die(self) -> None:
        raise DiedError

    def _lease_runs_out(self, others: str) -> None:
        """The hand sleeps for so long that others take over what it holds, and perhaps publish it as well."""
        self.later += PAST_THE_LEASE
        with clock.shifted(PAST_THE_LEASE):
            reap.reap()
            look.look_at_due()
            claim = claim_next()
        if claim and claim.item_id and others == "publish":
            publish_claimed(claim)
        elif claim and claim.item_id:
            self.held.append(claim)

    @rule(answers=SOME_ANSWERS, number=st.integers(1, 3))
    def hands_work(self, answers: tuple[str, ...], number: int) -> None:
        """Claims, and what follows."""
        for _ in range(number):
            self._hand(answers)

    @rule(answers=SOME_ANSWERS, step=st.sampled_from(DIES_AT))
    def a_hand_dies(self, answers: tuple[str, ...], step: str) -> None:
        """At that step, if it comes to it."""
        self._hand(answers, {step: self._die})

    @rule(answers=SOME_ANSWERS, step=st.sampled_from(SLEEPS_AT), others=st.sampled_from(("claim", "publish")))
    def a_hand_sleeps(self, answers: tuple[str, ...], step: str, others: str) -> None:
        """At that step, past its lease, and then works on as if nothing had been."""
        self._hand(answers, {step: lambda: self._lease_runs_out(others)})

    @rule(answers=SOME_ANSWERS)
    def a_hand_goes_on(self, answers: tuple[str, ...]) -> None:
        """With what it claimed some time ago."""
        if self.held:
            self._work(self.held.pop(0), answers)

    def _hand(self, answers: tuple[str, ...], at: dict[str, Callable[[], None]] | None = None) -> None:
        self.at = at or {}
        try:
            with clock.shifted(self.later):
                claim = claim_next()
        except DiedError:
            return
        if claim and claim.item_id:
            self._work(claim, answers)
        self.at = {}

    def _work(self, claim: Claim, answers: tuple[str, ...]) -> None:
        for network in self.networks.values():
            network.answers = answers
        try:
            with clock.shifted(self.later):
                publish_claimed(claim)
        except DiedError:
            self.dead |= set(self._without_outcome(claim))
        else:
            assert not self._without_outcome(claim), "a hand that lives writes the outcome in every case"

    @staticmethod
    def _without_outcome(claim: Claim) -> list[int]:
        tries = PublishAttempt.objects.filter(segment__item=claim.item_id, fence=claim.fence, outcome="")
        return list(tries.values_list("pk", flat=True))

    @rule(seconds=st.sampled_from((40, 130, 700, 4000, 30_000)))
    def time_passes(self, seconds: int) -> None:
        """For everybody."""
        self.later += timedelta(seconds=seconds)

    @rule(who=st.sampled_from(("reaper", "sweep", "look")))
    def somebody_tends(self, who: str) -> None:
        """What beat wakes."""
        with clock.shifted(self.later):
            {"reaper": reap.reap, "sweep": self._sweep, "look": look.look_at_due}[who]()

    @staticmethod
    def _sweep() -> int:
        return sweep.look_again_at_held() + sweep.repair_channels()

    @rule(what=st.sampled_from(SETTLING))
    def a_person_settles(self, what: str) -> None:
        """Everything that stands before them, in the same way."""
        waiting = ScheduledItem.objects.filter(pk__in=self.items, state__in=NEEDS_A_PERSON)
        for pk in waiting.values_list("pk", flat=True).order_by("pk"):
            self.a_person_acts(self.items.index(pk), what)

    @rule(which=st.integers(0, 6), what=st.sampled_from(PERSON))
    def a_person_acts(self, which: int, what: str) -> None:
        """On what they see now; a refusal is a sentence."""
        with clock.shifted(self.later):
            seen = ScheduledItem.objects.select_related("channel__organisation").get(pk=self.items[which])
            try:
                self._act(which, seen, what)
            except (ConflictError, ScheduleError):
                event("refused with a sentence")

    def _act(self, which: int, seen: ScheduledItem, what: str) -> None:
        match what:
            case "again" if not (self.networks[seen.channel_id].blind and self._there(seen)):
                settle.send_again(seen.pk, seen.version, CHORUS)
            case "leave":
                settle.leave_it(seen.pk, "nobody knows", seen.version, CHORUS)
            case "there" if found := self._there(seen):
                settle.it_is_there(seen.pk, f"https://memory.example/{found}", seen.version, CHORUS)
            case "move":
                change.move_to(seen.pk, self._soon(seen.channel), seen.version, CHORUS)
            case "plan" if seen.state == State.CANCELLED:
                wish = Wish(seen.post, seen.channel, "en", self._soon(seen.channel), "as planned", seen.occurrence)
                self.items[which] = schedule(wish, CHORUS).pk
            case _ if what in PLAIN_DEEDS:
                PLAIN_DEEDS[what](seen.pk, seen.version, CHORUS)

    @staticmethod
    def _soon(on: Channel) -> datetime:
        """Wall time of the channel."""
        return (clock.now() + timedelta(minutes=1)).astimezone(on.organisation.zone).replace(tzinfo=None)

    def _there(self, seen: ScheduledItem) -> str:
        """What the person finds on the network's page of the first part that is not said to be out; "" for nothing."""
        missing = seen.segments.filter(published_at=None, first_sent_at__isnull=False).first()
        if missing is None:
            return ""
        mark = mark_of(missing.text)
        posts = [one.id for one in self.networks[seen.channel_id].posts() if one.mark == mark]
        out = Segment.objects.filter(item__channel=seen.channel_id, published_at__isnull=False)
        said = sum(mark_of(text) == mark for text in out.values_list("text", flat=True))
        return posts[said] if len(posts) > said else ""

    @rule(what=st.sampled_from(OTHERS), number=st.integers(0, 2))
    def others_act(self, what: str, number: int) -> None:
        """On what the items stand on."""
        with clock.shifted(self.later):
            self._change_the_ground(what, number)

    def _change_the_ground(self, what: str, number: int) -> None:
        match what:
            case "edit":
                self.edits += 1
                chosen = Post.objects.filter(campaign=self.world.campaign).order_by("pk")[number]
                revise(chosen.translations.get(), words(chosen, self.edits))
                listen.on_translation_changed(chosen.translations.get().pk)
            case "take approval":
                Translation.objects.update(state=TranslationState.DRAFT)
            case "approve":
                Translation.objects.update(state=TranslationState.APPROVED)
            case "pause organisation":
                Organisation.objects.update(paused=True)
            case "pause campaign":
                Campaign.objects.update(paused=True)
            case "go on":
                self._open_pauses()
            case "sign in":
                Channel.objects.update(health=Health.OK)

    @staticmethod
    def _open_pauses() -> None:
        Organisation.objects.update(paused=False)
        Campaign.objects.update(paused=False)

    def _verdict(self) -> Verdict:
        posts = tuple(one for network in self.networks.values() for one in network.posts())
        with clock.shifted(self.later):
            return judge(beside(posts))

    @invariant()
    def the_oracle_finds_nothing(self) -> None:
        """Nothing twice, nothing said to be out that is not there, log and attempts and items agree, no way but those
        of states.py, an unbroken chain; and what is there is denied by nobody, unless it is just going out."""
        if not hasattr(self, "networks"):
            return
        found = self._verdict().faults
        assert not any(found[name] for name in AT_ANY_TIME), found
        going_out = ScheduledItem.objects.filter(state=State.PUBLISHING).exists()
        assert going_out or not found["said_failed_but_there"], found

    def teardown(self) -> None:
        """Everything is made whole, and must come to an end; then nothing of it stays."""
        if not hasattr(self, "frame"):
            return
        try:
            self._count()
            self._make_whole()
            verdict = self._verdict()
            assert verdict.holds, verdict.faults
            self._count()
        finally:
            transaction.set_rollback(True)
            self.frame.__exit__(None, None, None)

    def _make_whole(self) -> None:
        """Nothing is paused, everything approved and confirmed, the network answers; a day of it."""
        self._open_pauses()
        Translation.objects.update(state=TranslationState.APPROVED)
        Channel.objects.update(health=Health.OK)
        for minutes in (2, 2, 2, 2, 30, 60, 600):
            self.later += timedelta(minutes=minutes)
            for who in ("reaper", "look", "sweep"):
                self.somebody_tends(who)
            for which, pk in enumerate(self.items):
                if ScheduledItem.objects.get(pk=pk).hold_reason == HoldReason.NEW_REVISION:
                    self.a_person_acts(which, "confirm")
            self.hands_work((GOOD,), 5)

    def _count(self) -> None:
        for one in ScheduledItem.objects.all():
            for line in one.log.all():
                reached = {line.state_to, f"held: {one.hold_reason}", line.verb.removeprefix("item:")}
                reached |= {"found"} if line.facts.get("found") else set()
                for name in reached:
                    self.seen[str(name)] += 1


@pytest.fixture
def machine() -> Iterator[type[Lifecycle]]:
    """The machine with its patches, which end with the test."""
    with pytest.MonkeyPatch.context() as patch:
        yield type("Patched", (Lifecycle,), {"patch": patch, "seen": Counter(), "opening": ""})


@pytest.mark.django_db
def test_no_order_of_events_breaks_a_promise(machine: type[Lifecycle]) -> None:
    for opening in OPENINGS:
        machine.opening = opening
        run_state_machine_as_test(machine, settings=FEW)
    missing = {str(name) for name in INTERESTING} - set(machine.seen)
    assert not missing, f"the machine never came to {sorted(missing)}, only to {machine.seen}"
