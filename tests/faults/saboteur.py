"""Does the faults of a deck, one after the other, and puts right in time what must be put right."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from tests.faults.deck import Fault
from tests.faults.household import Household
from tests.faults.servers import children_of

PATIENCE = 20.0
"""Seconds that an armed fault waits for a worker to come to its step."""
HOURS = (-30, -5, -1, 1, 3, 26)
"""By how much a host's clock is set off."""
POLL = 0.05


class Saboteur:
    """`done` counts what truly happened, by the fault's name."""

    def __init__(self, home: Household, seed: int) -> None:
        self._home, self._dice = home, random.Random(seed)
        self._later: list[tuple[float, Callable[[], None]]] = []
        self._number = 0
        self._down: set[str] = set()
        self.done: Counter[str] = Counter()
        self.not_done: Counter[str] = Counter()

    def run(self, deck: list[Fault], pause: float, longest: float, say: Callable[[str], None]) -> None:
        """The whole deck, with `pause` seconds between two faults on average; ends after `longest` seconds anyhow."""
        end = time.monotonic() + longest
        for place, fault in enumerate(deck, 1):
            if time.monotonic() > end:
                say(f"{place - 1} of {len(deck)} faults when the time was up")
                return
            happened = self._at_step(fault) if fault.step else self._at_any_moment(fault)
            (self.done if happened else self.not_done)[fault.name] += 1
            if place % 10 == 0:
                say(f"{place} of {len(deck)} faults")
            self.pass_time(self._dice.expovariate(1 / pause))

    def pass_time(self, seconds: float) -> None:
        """Waits, while the supervisor tends its children and what is planned is done."""
        end = time.monotonic() + seconds
        while True:
            self._tick()
            if time.monotonic() >= end:
                return
            time.sleep(POLL)

    def heal(self) -> None:
        """Puts right everything that is still broken, at once."""
        for path in self._home.places.armed.iterdir():
            path.unlink(missing_ok=True)
        for _, mend in sorted(self._later, key=lambda planned: planned[0]):
            mend()
        self._later.clear()
        self._tick()

    def _tick(self) -> None:
        self._home.supervisor.tend()
        now = time.monotonic()
        for planned in [planned for planned in self._later if planned[0] <= now]:
            self._later.remove(planned)
            planned[1]()

    def _in(self, seconds: float, mend: Callable[[], None]) -> None:
        self._later.append((time.monotonic() + seconds, mend))

    def _at_step(self, fault: Fault) -> bool:
        """Arms it, waits until a worker has taken it, and does what the worker cannot do itself."""
        self._number += 1
        armed = self._home.places.armed / f"{fault.step}.{fault.kind}.{self._number}"
        armed.touch()
        end = time.monotonic() + PATIENCE
        while armed.exists() and time.monotonic() < end:
            self.pass_time(0)
            time.sleep(0.02)
        with suppress(FileNotFoundError):
            armed.unlink()
            return False
        (taken,) = list(self._home.places.taken.glob(f"{armed.name}.*[0-9]"))
        happened = True
        if fault.kind == "stop-child":
            pid = int(taken.name.rpartition(".")[2])
            self._in(self._past_the_lease(), lambda: _signal(pid, signal.SIGCONT))
        elif fault.kind not in {"kill-child", "kill-worker", "term-worker"}:
            happened = self._at_any_moment(fault)
            taken.with_name(f"{taken.name}.done").touch()
        return happened

    def _at_any_moment(self, fault: Fault) -> bool:
        deed: Callable[[], bool] = getattr(self, "_" + fault.kind.replace("-", "_"))
        return deed()

    def _past_the_lease(self) -> float:
        return self._home.wish.lease + self._dice.uniform(1, 8)

    def _publisher(self) -> str:
        return self._dice.choice(["publish-a", "publish-b"])

    def _kill_child(self) -> bool:
        pid = self._home.supervisor.children[self._publisher()].pid
        children = children_of(pid) if pid else []
        return bool(children or pid) and _signal(self._dice.choice(children or [pid]), signal.SIGKILL)

    def _kill(self, name: str) -> bool:
        child = self._home.supervisor.children[name]
        running = bool(child.pid)
        child.signal_all(signal.SIGKILL)
        return running

    def _kill_worker(self) -> bool:
        return self._kill(self._publisher())

    def _kill_rest(self) -> bool:
        return self._kill("rest" if self._home.on_postgres else self._publisher())

    def _kill_beat(self) -> bool:
        return self._kill(self._dice.choice(["beat-a", "beat-b"]))

    def _stop_worker(self) -> bool:
        child = self._home.supervisor.children[self._publisher()]
        group = child.pid
        if group:
            child.signal_all(signal.SIGSTOP)
            self._in(self._past_the_lease(), lambda: _signal(-group, signal.SIGCONT))
        return bool(group)

    def _term_worker(self) -> bool:
        pid = self._home.supervisor.children[self._publisher()].pid
        return bool(pid) and _signal(pid, signal.SIGTERM)

    def _redis_kill(self) -> bool:
        return self._without_redis(self._dice.choice([0.0, 1.0, 3.0]))

    def _redis_away(self) -> bool:
        return self._without_redis(60.0)

    def _without_redis(self, seconds: float) -> bool:
        if not self._begin("redis"):
            return False
        self._home.redis.kill()
        self._in(seconds, lambda: self._end("redis", self._home.redis.start))
        return True

    def _database_immediate(self) -> bool:
        return self._restart_database(signal.SIGQUIT)

    def _database_fast(self) -> bool:
        return self._restart_database(signal.SIGINT)

    def _restart_database(self, how: signal.Signals) -> bool:
        assert self._home.postgres is not None
        self._home.postgres.stop(how)
        time.sleep(self._dice.choice([0.0, 0.5, 2.0]))
        self._home.postgres.start()
        return True

    def _cut(self) -> bool:
        if not self._begin("line"):
            return False
        self._home.cut_line()
        # Sometimes for longer than the worker goes on trying: then the outcome waits in its file.
        self._in(self._dice.choice([1.0, 4.0, 9.0, 15.0]), lambda: self._end("line", self._home.mend_line))
        return True

    def _clock(self) -> bool:
        if not self._home.can_shift_clocks:
            return False
        # On SQLite there is one host, so its whole clock is set off and no process disagrees with another.
        every = ["publish-a", "rest", "beat-a"] if self._home.on_postgres else []
        if not every or not self._begin("clock"):
            return False
        name = self._dice.choice(every)
        self._home.set_clock(name, self._dice.choice(HOURS) * 3600)
        self._in(self._dice.uniform(8, 20), lambda: self._end("clock", lambda: self._home.set_clock(name, 0)))
        return True

    def _disk_full(self) -> bool:
        disk = self._home.disk
        if disk is None or not disk.can_fill or not self._begin("disk"):
            return False
        disk.fill()
        self._in(self._dice.choice([1.0, 3.0, 8.0]), lambda: self._end("disk", disk.empty))
        return True

    def _begin(self, what: str) -> bool:
        """False where it is broken already."""
        if what in self._down:
            return False
        self._down.add(what)
        return True

    def _end(self, what: str, mend: Callable[[], None]) -> None:
        mend()
        self._down.discard(what)


def _signal(pid: int, number: signal.Signals) -> bool:
    """To a process, or a group where it is negative; False where it is gone."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
