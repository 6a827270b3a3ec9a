"""Publishing at the engine's own speed: `python -m bench.publishing --items 10000 --json`.

So many items, over 420 channels and due at the same second, go out through real Celery workers, Redis and a recording
network; beside them, in the same run and with as many hands, bare Celery tasks that write the same rows by hand-written
SQL and make the same HTTP call, half of them before and half after, because a machine's speed drifts; and bare tasks
that do nothing. Then, at half the rate just measured and for a minute, how late after its moment each post arrives.
PostgreSQL is held to the bars of docs/performance.md; SQLite is told only.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bench.counters import Work
from bench.ground import Ground, ground, recorded
from bench.running import alone

CHANNELS = 420
HANDS = {0: 4, 300: 16}
"""Hands by the network's latency in milliseconds: waiting costs no processor, so a slow network gets more of them."""
BARS = {"ratio_same_work": (0, 0.7), "ratio_hands": (300, 0.8)}
"""Figure → (latency at which it is asked for, least value), on PostgreSQL."""
LATEST_P50, LATEST_P99 = 1.0, 2.0
"""Seconds."""
START = timedelta(seconds=5)
MOST = 1800.0
"""Seconds after which a run has failed."""


@dataclass(frozen=True)
class Run:
    """One database at one latency. Rates are items a second; `work` is what one item cost the database, ours and the
    baseline's; lateness in seconds."""

    database: str
    latency_ms: int
    items: int
    hands: int
    pool: str
    seconds: float = 0.0
    rate: float = 0.0
    baseline_items: int = 0
    rate_same_work: float | None = None
    rate_noop: float | None = None
    ratio_same_work: float | None = None
    ratio_noop: float | None = None
    ratio_hands: float | None = None
    lateness_p50: float | None = None
    lateness_p99: float | None = None
    twice: int = 0
    connections: int = 0
    work: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ByHand:
    """The same work by hand-written SQL: how many items, in how many seconds, and what they cost the database."""

    items: int
    seconds: float
    work: Work


def main(words: Sequence[str] | None = None) -> int:
    """Runs what was asked for; returns 1 where a bar was missed."""
    options = _options(words)
    runs = [
        alone(_measure, database, latency, options) for database in options.databases for latency in options.latencies
    ]
    missed = [word for run in runs for word in _missed(run)]
    for word in missed:
        print(f"missed: {word}")
    if options.json:
        print(json.dumps({"bench": "publishing", "runs": [asdict(run) for run in runs], "missed": missed}))
    return 1 if missed else 0


def _measure(database: str, latency: int, options: argparse.Namespace) -> Run:
    """One run on a ground of its own."""
    run = Run(database, latency, _items(database, latency, options), HANDS.get(latency, 8), options.pool)
    with ground(database) as own, own.network(latency) as url:
        own.adopt()
        place = _Place(own, url, run.items)
        if database != "postgresql":
            return place.trickle(place.burst(run), options.trickle)
        half = min(options.baseline, run.items) // 2
        before = place.by_hand(half, run)
        run = place.burst(run)
        after = place.by_hand(half, run)
        return place.trickle(place.compared(run, before, after), options.trickle)


def _items(database: str, latency: int, options: argparse.Namespace) -> int:
    """All of them on PostgreSQL without latency; elsewhere as many as keep the run short."""
    whole = database == "postgresql"
    return int(options.items if whole and not latency else min(options.items, options.fewer))


class _Place:
    """The campaign, its channels and the network of a run. Each phase plans posts of its own, so that none meets another
    on a channel."""

    def __init__(self, own: Ground, url: str, items: int) -> None:
        from bench import seed

        self.own, self.url, self.seed = own, url, seed
        self.channels_wanted = min(CHANNELS, max(1, items // 3))
        self.campaign = seed.make_campaign(0)
        self.channels = seed.make_channels(self.campaign, self.channels_wanted, url)
        self.posts = 0

    def places(self, count: int) -> list[tuple[Any, int]]:
        """So many (channel, number of a post) that were not used yet."""
        each = -(-count // len(self.channels))
        first = self.posts + 1
        self.posts += each
        self.seed.add_posts(self.campaign, range(first, first + each))
        return [(channel, number) for number in range(first, first + each) for channel in self.channels][:count]

    def burst(self, run: Run) -> Run:
        """All at the same second."""
        from bench import counters, hands
        from scheduler import clock

        places = self.places(run.items)
        with hands.publishing(self.own, run.hands, run.pool):
            due = clock.now() + START
            keys = self.seed.plan(self.campaign, [(channel, number, due) for channel, number in places])
            before = counters.read()
            hands.wait_for(lambda: clock.now() >= due, "the moment", 600)
            hands.wait_for(lambda: not _left(due), "publishing", MOST)
            work = counters.read().minus(before).per(run.items)
        seconds = _span([item for item, *_ in keys])
        told = recorded(self.url)
        rate = run.items / seconds
        print(f"{run.database}, {run.latency_ms} ms, {run.hands} hands: {run.items} in {seconds:.1f} s, {rate:.1f}/s")
        run = replace(run, seconds=round(seconds, 2), rate=round(rate, 1), work={"ours": asdict(work)})
        if run.latency_ms:
            run = replace(run, ratio_hands=round(rate / (run.hands / run.latency_ms * 1000), 3))
        return replace(run, twice=_twice(told), connections=told["connections"])

    def by_hand(self, count: int, run: Run) -> ByHand:
        """The same rows, commits and calls by bare Celery tasks in a worker like the run's."""
        from bench import baseline, counters, hands
        from scheduler import clock
        from scheduler.models import PublishAttempt

        far = clock.now() + timedelta(days=300)
        places = [(channel, number, far) for channel, number in self.places(count)]
        keys = self.seed.plan(self.campaign, places, turns=False)
        for item, *others in keys:
            baseline.same_work.delay(item, others, self.url)
        before, earlier = counters.read(), PublishAttempt.objects.count()
        with hands.baseline(self.own, run.hands, run.pool):
            hands.wait_for(lambda: _finished() >= earlier + count, "the baseline", MOST)
        work = counters.read().minus(before)
        recorded(self.url)
        return ByHand(count, _span([item for item, *_ in keys]), work)

    def compared(self, run: Run, before: ByHand, after: ByHand) -> Run:
        """The run beside the same work by hand, and beside tasks that do nothing."""
        items = before.items + after.items
        rate = items / (before.seconds + after.seconds)
        noop = self._noop(items, run)
        each = ", ".join(f"{half.items / half.seconds:.1f}" for half in (before, after))
        print(f"  the same work by hand: {rate:.1f}/s ({each}); nothing at all: {noop:.1f}/s")
        work = before.work.plus(after.work).per(items)
        _check_same(run.work["ours"], asdict(work))
        return replace(
            run, baseline_items=items, rate_same_work=round(rate, 1), rate_noop=round(noop, 1),
            ratio_same_work=round(run.rate / rate, 3), ratio_noop=round(run.rate / noop, 3),
            work=run.work | {"baseline": asdict(work)},
        )  # fmt: skip

    def _noop(self, count: int, run: Run) -> float:
        from bench import baseline, hands

        for _ in range(count):
            baseline.noop.delay()
        with hands.baseline(self.own, run.hands, run.pool):
            hands.wait_for(lambda: self.own.queued("bench") < count, "the first task", 60, pause=0.01)
            began = time.monotonic()
            hands.wait_for(lambda: self.own.queued("bench") == 0, "the tasks", MOST, pause=0.01)
            return count / (time.monotonic() - began)

    def trickle(self, run: Run, seconds: int) -> Run:
        """At half the rate just measured, moments spread evenly: how late each post arrives."""
        from bench import hands
        from scheduler import clock

        count = max(20, int(run.rate / 2 * seconds))
        places = self.places(count)
        with hands.publishing(self.own, run.hands, run.pool):
            first = clock.now() + START
            moments = [first + timedelta(seconds=seconds * index / count) for index in range(count)]
            self.seed.plan(self.campaign, [(*place, due) for place, due in zip(places, moments, strict=True)])
            hands.wait_for(lambda: not _left(moments[-1], first), "publishing", MOST)
        late = sorted(_lateness(recorded(self.url), places, moments))
        p50, p99 = statistics.median(late), late[int(len(late) * 0.99)]
        print(f"  {count} at {count / seconds:.1f}/s: late by {p50:.2f} s (median), {p99:.2f} s (99 of 100)")
        return replace(run, lateness_p50=round(p50, 3), lateness_p99=round(p99, 3))


def _left(last: datetime, first: datetime | None = None) -> int:
    """How many due in that time are not out."""
    from scheduler.models import ScheduledItem
    from scheduler.states import State

    due = ScheduledItem.objects.filter(due_at__range=(first or last, last))
    return due.exclude(state=State.PUBLISHED).count()


def _finished() -> int:
    from scheduler.models import PublishAttempt

    return PublishAttempt.objects.exclude(finished_at=None).count()


def _span(items: list[int]) -> float:
    """Seconds from the first text frozen to the last outcome, for ours and for the baseline alike. How long after the
    moment the first hand wakes up is part of the lateness."""
    from django.db.models import Max, Min

    from scheduler.models import Segment

    ours = Segment.objects.filter(item__in=items)
    span = ours.aggregate(first=Min("frozen_at"), last=Max("published_at"))
    return float((span["last"] - span["first"]).total_seconds())


def _twice(told: Any) -> int:  # noqa: ANN401 - see bench/network.py
    """How many posts the network accepted more than once."""
    return sum(len(moments) > 1 for _, _, moments in told["posts"])


def _lateness(told: Any, places: list[tuple[Any, int]], moments: list[datetime]) -> list[float]:  # noqa: ANN401
    """Seconds from each item's moment to its arrival; network and database share one host's clock."""
    from bench.seed import text_of

    arrived = {(account, text): when[0] for account, text, when in told["posts"]}
    return [
        arrived[channel.name, text_of(number)] - due.timestamp()
        for (channel, number), due in zip(places, moments, strict=True)
    ]


def _check_same(ours: dict[str, float], theirs: dict[str, float]) -> None:
    """The baseline is one only if it wrote what we wrote. Raises AssertionError."""
    for name in ("inserted", "updated"):
        assert abs(ours[name] - theirs[name]) < 0.2, f"{name}: {ours[name]} of ours against {theirs[name]}"  # noqa: S101
    # Each read outside a transaction counts as a commit too: ours may have more of those, never fewer.
    assert theirs["commits"] <= ours["commits"] + 0.5, (ours, theirs)  # noqa: S101


def _missed(run: Run) -> list[str]:
    if run.database != "postgresql":
        return []
    named = f"{run.database}, {run.latency_ms} ms"
    found = [
        f"{named}: {name} {value} < {least}"
        for name, (latency, least) in BARS.items()
        if latency == run.latency_ms and (value := getattr(run, name) or 0.0) < least
    ]
    late = {"lateness_p50": LATEST_P50, "lateness_p99": LATEST_P99}
    found += [
        f"{named}: {name} {getattr(run, name)} > {most}" for name, most in late.items() if getattr(run, name) > most
    ]
    return found + ([f"{named}: {run.twice} posts went out twice"] if run.twice else [])


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.publishing", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument(
        "--fewer", type=int, default=3000, help="items where the network is slow or the database SQLite"
    )
    parser.add_argument("--baseline", type=int, default=6000, help="items of each baseline")
    parser.add_argument("--trickle", type=int, default=60, help="seconds at half the rate")
    parser.add_argument("--databases", nargs="+", default=["postgresql", "sqlite"])
    parser.add_argument("--latencies", nargs="+", type=int, default=[0, 300], help="milliseconds")
    parser.add_argument("--pool", choices=["prefork", "threads"], default="prefork", help="the workers' hands")
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
