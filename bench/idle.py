"""The idle tick and the claim beside much that is planned: `python -m bench.idle --json`.

What `scheduler.tasks.tick` asks each second, with a thousand, a hundred thousand and a million items planned over 420
channels for later; the claim of the one item that is due among them; and the memory of a real worker's children.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.ground import Ground, ground
from bench.running import alone

CHANNELS = 420
POSTS = 20
SIZES = (1_000, 100_000, 1_000_000)
BAR = 1.5
"""The median at the largest size over that at the smallest."""
MEMORY = 5.0
"""MB by which a child may be larger beside the largest plan."""
FEW = 50
"""Claims at each size."""


@dataclass
class Size:
    """One size. Times in milliseconds, memory (the largest child's, resident) in MB, loading in seconds."""

    database: str
    planned: int
    loading: float
    tick_p50: float = 0.0
    tick_p99: float = 0.0
    claim_p50: float = 0.0
    claim_p99: float = 0.0
    worker_mb: float = 0.0


def main(words: Sequence[str] | None = None) -> int:
    """Measures both databases; returns 1 where a bar was missed."""
    options = _options(words)
    sizes = [size for database in options.databases for size in alone(_measure, database, options)]
    ratios, missed = _judge(sizes)
    for word in missed:
        print(f"missed: {word}")
    if options.json:
        rows = [asdict(size) for size in sizes]
        print(json.dumps({"bench": "idle", "sizes": rows, "ratios": ratios, "missed": missed}))
    return 1 if missed else 0


def _measure(database: str, options: argparse.Namespace) -> list[Size]:
    """Each size on top of the one before, in one process and one database."""
    with ground(database, CHORUS_HANDS="2") as own:
        own.adopt()
        from bench import bulk, seed

        campaign = seed.make_campaign(POSTS)
        seed.make_channels(campaign, CHANNELS, "http://127.0.0.1:9")
        found: list[Size] = []
        for planned in options.sizes:
            began = time.monotonic()
            _empty()
            bulk.future(campaign, planned)
            bulk.analyse()
            size = Size(database, planned, round(time.monotonic() - began, 1))
            _fill_in(own, size, options)
            print(f"{size}")
            found.append(size)
        return found


def _fill_in(own: Ground, size: Size, options: argparse.Namespace) -> None:
    from scheduler.services import wake

    size.tick_p50, size.tick_p99 = _times(wake.hands_to_wake, options.ticks)
    size.claim_p50, size.claim_p99 = _claims()
    if size.planned in (options.sizes[0], options.sizes[-1]) and size.database == "postgresql":
        size.worker_mb = _memory_of_worker(own, options.seconds)


def _empty() -> None:
    """Takes the plan away: items only, which have no lines in the log."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE scheduler_channel SET next_due = NULL, busy_item_id = NULL")
        cursor.execute("DELETE FROM scheduler_scheduleditem")


def _times(work: Callable[[], Any], count: int) -> tuple[float, float]:
    """The median and the 99th of a hundred, in milliseconds, after some that do not count."""
    for _ in range(20):
        work()
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return _median_and_worst(taken)


def _median_and_worst(taken: list[float]) -> tuple[float, float]:
    return round(statistics.median(taken), 3), round(sorted(taken)[int(len(taken) * 0.99)], 3)


def _claims() -> tuple[float, float]:
    """One due item each time, and the time of its claim; taken back afterwards."""
    from django.db import transaction

    from scheduler import clock
    from scheduler.models import Channel, ScheduledItem
    from scheduler.services.claim import Claim, claim_next

    taken = []
    for channel in Channel.objects.order_by("pk")[:FEW]:
        with transaction.atomic():
            item = ScheduledItem.objects.of_channel_in_turn(channel)[0]
            now = clock.now() - timedelta(seconds=1)
            ScheduledItem.objects.filter(pk=item.pk).update(due_at=now, next_try_at=now)
            Channel.objects.filter(pk=channel.pk).update(next_due=now)
            began = time.perf_counter()
            claim = claim_next()
            taken.append((time.perf_counter() - began) * 1000)
            assert claim == Claim(item.pk, item.fence + 1, claim.renewed if claim else 0.0)  # noqa: S101
            transaction.set_rollback(True)
    return _median_and_worst(taken)


def _memory_of_worker(own: Ground, seconds: int) -> float:
    """The largest child of a publish worker that has had ticks and drains for so long, in MB."""
    from bench import hands
    from scheduler.tasks import drain, tick

    with hands.publishing(own, 2):
        for _ in range(seconds):
            tick.apply_async(queue="publish")
            drain.apply_async(queue="publish")
            time.sleep(1.0)  # the time that they run is what is measured
        return max(_resident(pid) for pid in _workers(own))


def _workers(own: Ground) -> list[int]:
    """The processes of this run's publish worker: nobody else has its prefix in Redis."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words, around = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            continue
        if b"worker" in words and own.environment["CHORUS_BROKER_PREFIX"].encode() in around:
            found.append(int(folder.name))
    return found


def _resident(pid: int) -> float:
    """The memory in MB that the process holds now."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("VmRSS"))


def _judge(sizes: list[Size]) -> tuple[dict[str, float], list[str]]:
    ratios, missed = {}, []
    for database in {size.database for size in sizes}:
        own = [size for size in sizes if size.database == database]
        ratio = ratios[f"tick_{database}"] = round(own[-1].tick_p50 / own[0].tick_p50, 3)
        ratios[f"claim_{database}"] = round(own[-1].claim_p50 / own[0].claim_p50, 3)
        if ratio > BAR:
            missed.append(f"{database}: the tick takes {ratio} times as long")
        growth = ratios[f"worker_growth_mb_{database}"] = round(own[-1].worker_mb - own[0].worker_mb, 1)
        if growth > MEMORY:
            missed.append(f"{database}: a worker is {growth} MB larger")
    return ratios, missed


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.idle", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, help="items planned, the smallest first")
    parser.add_argument("--ticks", type=int, default=400)
    parser.add_argument("--seconds", type=int, default=20, help="how long the worker whose memory is read works")
    parser.add_argument("--databases", nargs="+", default=["postgresql", "sqlite"])
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
