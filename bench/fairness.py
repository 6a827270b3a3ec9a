"""Nobody waits for a neighbour: `python -m bench.fairness --json`.

200 channels with ten due items each, alone; then beside one channel with two thousand, beside one whose network says
«too many requests», and beside one whose network never answers. How late the 200 channels' posts arrive each time.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from bench.ground import Ground, ground, recorded
from bench.running import alone

LATENCY, HANDS = 5, 4
EACH, BIG, TROUBLED = 10, 2000, 50
SMALL = 200
WAYS = ("alone", "big", "limit", "hang")
BAR = 2.0
"""How often the 99th of a hundred's lateness in the run alone another run's may be, on PostgreSQL."""
START = timedelta(seconds=5)
MOST = 600.0
"""Seconds after which a run has failed."""


@dataclass(frozen=True)
class Run:
    """Beside what, and how late (seconds) the small channels' posts arrived; `ratio` is p99 over that of the run alone."""

    database: str
    beside: str
    items: int
    p50: float
    p99: float
    ratio: float


def main(words: Sequence[str] | None = None) -> int:
    """Runs each way; returns 1 where a bar was missed."""
    options = _options(words)
    runs = [run for database in options.databases for run in alone(_measure, database, options.scale)]
    missed = [
        f"{run.database}, beside {run.beside}: {run.ratio} times as late"
        for run in runs
        if run.database == "postgresql" and run.ratio > BAR
    ]
    for word in missed:
        print(f"missed: {word}")
    if options.json:
        print(json.dumps({"bench": "fairness", "scale": options.scale, "hands": HANDS,
                          "runs": [asdict(run) for run in runs], "missed": missed}))  # fmt: skip
    return 1 if missed else 0


def _measure(database: str, scale: float) -> list[Run]:
    with ground(database) as own, own.network(LATENCY) as url:
        own.adopt()
        place = _Place(own, url, scale)
        runs: list[Run] = []
        for number, beside in enumerate(WAYS):
            late = sorted(place.lateness(number, beside))
            p99 = late[int(len(late) * 0.99)]
            before = runs[0].p99 if runs else p99
            runs.append(
                Run(
                    database,
                    beside,
                    len(late),
                    round(statistics.median(late), 2),
                    round(p99, 2),
                    round(p99 / before, 2),
                )
            )
            print(runs[-1])
        return runs


class _Place:
    """The small channels, and the last one of each run; every run takes posts that were not used yet."""

    def __init__(self, own: Ground, url: str, scale: float) -> None:
        from bench import seed

        self.own, self.url, self.seed = own, url, seed
        self.small, self.big = max(2, int(SMALL * scale)), max(20, int(BIG * scale))
        self.campaign = seed.make_campaign(max(self.big, EACH * len(WAYS), TROUBLED))
        channels = seed.make_channels(self.campaign, self.small + len(WAYS), url)
        self.channels, self.others = channels[: self.small], channels[self.small :]

    def lateness(self, number: int, beside: str) -> list[float]:
        """How late (seconds) each post of a small channel arrived in the run `number`."""
        from bench import hands
        from scheduler import clock

        posts = range(number * EACH + 1, (number + 1) * EACH + 1)
        with self._neighbour(number, beside) as (other, count), hands.publishing(self.own, HANDS):
            due = clock.now() + START
            places = [(other, post, due) for post in range(1, count + 1)]
            places += [(channel, post, due) for post in posts for channel in self.channels]
            self.seed.plan(self.campaign, places)
            hands.wait_for(lambda: not self._left(due), "publishing", MOST)
        names = {channel.name for channel in self.channels}
        moments = [when[0] for account, _, when in recorded(self.url)["posts"] if account in names]
        assert len(moments) == len(self.channels) * EACH  # noqa: S101
        return [moment - due.timestamp() for moment in moments]

    def _left(self, due: datetime) -> bool:
        from scheduler.models import ScheduledItem
        from scheduler.states import State

        small = ScheduledItem.objects.filter(due_at=due, channel__in=self.channels)
        return small.exclude(state=State.PUBLISHED).exists()

    @contextmanager
    def _neighbour(self, number: int, beside: str) -> Iterator[tuple[Any, int]]:
        """The channel that the others must not suffer from, and how much is due on it; emptied afterwards."""
        from scheduler.models import Channel, ScheduledItem

        other = self.others[number]
        if beside in ("limit", "hang"):
            command = [sys.executable, "-m", "bench.bad_network", beside]
            with self.own.running(command, "network") as process:
                assert process.stdout is not None  # noqa: S101 - PIPE was asked for
                other.base_url = process.stdout.readline().strip()
                other.save()
                yield other, min(TROUBLED, self.big)
        else:
            yield other, self.big if beside == "big" else 0
        ScheduledItem.objects.filter(channel=other, state="scheduled").update(state="cancelled")
        Channel.objects.filter(pk=other.pk).update(next_due=None)


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fairness", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scale", type=float, default=1.0, help="this part of the channels and of the big one's items")
    parser.add_argument("--databases", nargs="+", default=["postgresql"])
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
