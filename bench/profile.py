"""Where an item's time goes: `python -m bench.profile --json`.

One process publishes on PostgreSQL to a recording network without latency. First without being watched: the processor
time of the worker and of its database connection for one item, the best fifth of many small batches, because whatever
else the machine does only ever adds. Then with a sample of its stack for each millisecond of its own work, each counted
for the first of `PARTS` that stands in it.
"""

import argparse
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, redirect_stderr
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from bench.ground import ground
from bench.running import alone

CHANNELS = 60
SAMPLE = 0.001
"""Seconds of the process's own work between two samples; the kernel may make it four times as long."""
TICK = 10.0
"""Milliseconds that /proc counts in."""
PARTS = {
    "the HTTP call": ("networks/http.py",),
    "lines of the server's log": ("logging/__init__.py",),
    "statements and their driver": ("campaign/statements.py",),
    "beginning and ending transactions": ("django/db/transaction.py", "django/db/backends/base/base.py"),
    "lines of the publish log": ("scheduler/services/log.py",),
    "gates": ("scheduler/services/gates.py",),
    "text": ("scheduler/services/freeze.py",),
    "credentials and adapter": ("scheduler/services/adapters.py", "networks/wall/adapter.py"),
}
REST = "the rest"


def main(words: Sequence[str] | None = None) -> int:
    """Measures and tells."""
    options = _options(words)
    found = alone(_measure, options)
    print(f"an item: {found['worker_ms']} ms of the worker's processor, {found['database_ms']} of the database's")
    for part, milliseconds in found["parts"].items():
        print(f"  {milliseconds:5.2f} ms  {part}")
    if options.json:
        print(json.dumps({"bench": "profile", **found}))
    return 0


def _measure(options: argparse.Namespace) -> dict[str, Any]:
    with ExitStack() as stack:
        own = stack.enter_context(ground("postgresql"))
        url = stack.enter_context(own.network(0))
        # What a worker writes to its log belongs to its work, and not to this screen.
        stack.enter_context(redirect_stderr(stack.enter_context((own.folder / "worker.log").open("a"))))
        own.adopt()
        batches = _Batches(url)
        batches.publish()  # connects, prepares, warms up
        costs = [batches.publish() for _ in range(options.batches)]
        worker, database = (sorted(values)[len(values) // 5] for values in zip(*costs, strict=True))
        samples = _sampled(lambda: [batches.publish() for _ in range(options.batches)])
        whole = sum(samples.values())
        parts = {part: round(worker * count / whole, 2) for part, count in samples.most_common()}
        return {"items": CHANNELS * 2, "worker_ms": round(worker, 2), "database_ms": round(database, 2), "parts": parts}


class _Batches:
    """Plans two posts on each channel and publishes them, as often as asked."""

    def __init__(self, url: str) -> None:
        from bench import seed

        self._seed, self._posts = seed, 0
        self._campaign = seed.make_campaign(0)
        self._channels = seed.make_channels(self._campaign, CHANNELS, url)

    def publish(self) -> tuple[float, float]:
        """Milliseconds of the worker's and of the database's processor for one item."""
        from scheduler import clock
        from scheduler.services.publish import drain

        numbers = range(self._posts + 1, self._posts + 3)
        self._posts += len(numbers)
        self._seed.add_posts(self._campaign, numbers)
        due = clock.now() - timedelta(seconds=1)
        self._seed.plan(self._campaign, [(channel, number, due) for number in numbers for channel in self._channels])
        database, worker = _of_backend(), time.process_time()
        done = drain(600)
        worker, database = (time.process_time() - worker) * 1000, _of_backend() - database
        assert done == CHANNELS * len(numbers), done  # noqa: S101 - a figure for less would be none
        return worker / done, database / done


def _of_backend() -> float:
    """Milliseconds of processor that this process's connection has taken on the database's side (Linux, same host)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * TICK


def _sampled(work: Callable[[], Any]) -> Counter[str]:
    """How many samples of what publishes fell on each part."""
    found: Counter[str] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        files = [one.f_code.co_filename for one in _stack(frame)]
        if any(name.endswith("scheduler/services/publish.py") for name in files):
            found[_part(files)] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, SAMPLE, SAMPLE)
    try:
        work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return found


def _stack(frame: FrameType | None) -> list[FrameType]:
    frames = []
    while frame:
        frames.append(frame)
        frame = frame.f_back
    return frames


def _part(files: Sequence[str]) -> str:
    for part, ends in PARTS.items():
        if any(name.endswith(end) for name in files for end in ends):
            return part
    return REST


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--batches", type=int, default=20, help="of 120 items each, watched and unwatched")
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
