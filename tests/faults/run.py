"""One run from the first row to the verdict."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from tests.faults import times
from tests.faults.deck import deck
from tests.faults.household import Household, Wish, household
from tests.faults.oracle import Verdict
from tests.faults.places import own_folder

if TYPE_CHECKING:
    from tests.faults.people import People

AFTER_THE_LEASE = 60.0
"""Seconds after the last fault and a lease within which nothing may be publishing any more that was then."""


@dataclass(frozen=True)
class Options:
    """What is asked for on the command line. Times in seconds."""

    seed: int = 1
    kills: int = 200
    items: int = 5000
    database: str = "postgresql"
    pause: float = 3.0
    people: bool = True
    shipped_times: bool = False
    keep: Path | None = None
    longest: float = 3600.0

    @property
    def longest_end(self) -> float:
        """Seconds that everything gets to end in after the last fault."""
        return times.SHIPPED_QUIET if self.shipped_times else times.QUIET


def say(sentence: str) -> None:
    """Progress, beside what is the result."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {sentence}\n")
    sys.stderr.flush()


def set_up_django(*, shipped_times: bool) -> None:
    """This process becomes a part of the product: it plans, and is the people."""
    if not shipped_times:
        times.shorten()
    django.setup()
    if not shipped_times:
        times.shorten_the_rest()


def run(options: Options) -> dict[str, Any]:
    """The numbers of a run, ready for JSON; `holds` says whether everything did that must."""
    wish = Wish(options.database, options.seed, 1.0, options.shipped_times)
    with own_folder(options.keep) as places, household(wish, places) as home:
        set_up_django(shipped_times=options.shipped_times)
        return Run(options, home).from_beginning_to_end()


class Run:
    """The parts of a run, in order."""

    def __init__(self, options: Options, home: Household) -> None:
        from tests.faults.saboteur import Saboteur

        self.options, self.home = options, home
        self.saboteur = Saboteur(home, options.seed)
        self.seconds: dict[str, float] = {}

    def from_beginning_to_end(self) -> dict[str, Any]:
        """Plans, breaks, waits for quiet, judges."""
        items = self._timed("planning", self._plan)
        say(f"{items} items are planned on {self.options.database}")
        people = self._timed("faults", self._break)
        stuck = self._timed("until nothing hung", self._until_nothing_hangs)
        if self.options.people:
            people.tidy_up()
        self._timed("until quiet", self._until_quiet)
        restarts = {child.name: child.starts - 1 for child in self.home.supervisor.children.values()}
        hung = sum(child.hung for child in self.home.supervisor.children.values())
        self.home.supervisor.stop()
        verdict, states, posts = self._timed("judging", lambda: self._judge(stuck))
        return self._told(verdict) | {
            **states, "accepted_posts": posts, "restarts": restarts, "killed_as_hung": hung, "people": dict(people.told),
        }  # fmt: skip

    def _plan(self) -> int:
        from tests.faults.world import Size, make

        length = self.options.kills * (self.options.pause + 3)
        return make(Size(self.options.items, length), self.options.seed, self.home.network_url)

    def _break(self) -> "People":
        from tests.faults.people import People

        self.home.start_workers()
        self.saboteur.pass_time(6)
        people = People(self.options.seed, self.home.places.network, self.home.network_url)
        if self.options.people:
            people.start()
        try:
            cards = deck(self.options.database, self.options.kills, self.options.seed)
            self.saboteur.run(cards, self.options.pause, self.options.longest, say)
        finally:
            if self.options.people:
                people.stop()
            self.saboteur.heal()
        return people

    def _until_nothing_hangs(self) -> tuple[int, ...]:
        """Waits a lease and a minute, or until whatever was publishing at the last fault is not any more; returns
        what still is then."""
        from django.db import connection

        from scheduler import clock
        from tests.faults.world import release_all

        connection.close()  # the database may have been restarted meanwhile
        release_all()
        last_fault, then = clock.now(), time.monotonic()
        while hanging := _publishing_since_before(last_fault):
            if time.monotonic() - then > self.home.wish.lease + AFTER_THE_LEASE:
                break
            self.saboteur.pass_time(1)
        return tuple(hanging)

    def _until_quiet(self) -> None:
        from tests.faults.evidence import still_moving

        end = time.monotonic() + self.options.longest_end
        while (moving := still_moving()) and time.monotonic() < end:
            self.saboteur.pass_time(2)
        if moving:
            say(f"{moving} items were still moving after {self.options.longest_end:g} seconds")

    def _judge(self, stuck: tuple[int, ...]) -> tuple[Verdict, dict[str, int], int]:
        from tests.faults.evidence import collect, states
        from tests.faults.oracle import judge

        evidence = collect(self.home.places.network, stuck)
        return judge(evidence), states(), len(evidence.posts)

    def _timed(self, what: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        began = time.monotonic()
        result = work()
        self.seconds[what] = round(time.monotonic() - began, 1)
        return result

    def _told(self, verdict: Verdict) -> dict[str, Any]:
        done = self.saboteur.done
        return {
            "seed": self.options.seed, "database": self.options.database, "lease": self.home.wish.lease,
            "faults": sum(done.values()), **verdict.numbers(), "holds": verdict.holds,
            "seconds": self.seconds, "by_fault": dict(sorted(done.items())),
            "did_not_happen": dict(self.saboteur.not_done),
            "sentences": {name: found[:20] for name, found in verdict.faults.items() if found},
        }  # fmt: skip


def _publishing_since_before(moment: Any) -> list[int]:  # noqa: ANN401 - aware UTC
    from scheduler.models import ScheduledItem
    from scheduler.states import State

    publishing = ScheduledItem.objects.filter(state=State.PUBLISHING, channel__last_claimed_at__lt=moment)
    return list(publishing.values_list("pk", flat=True))
