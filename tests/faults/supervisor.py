"""What compose's `restart: always` does: starts the children, starts them again when they end, ends them all."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.demo.child import die_with_parent
from tests.faults.places import ROOT

WAIT = 0.5
"""Seconds between an end and the next start."""
GRACE = 20.0
"""Seconds that a child gets to finish what it does, at the end of the run."""


@dataclass
class Child:
    """One kept process, with a process group of its own. `silent_after` seconds without a touch of `alive` it is
    taken for hung and killed, as the demo's supervisor does it."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    alive: Path | None = None
    silent_after: float = 15.0
    starts: int = 0
    hung: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)
    again_at: float = 0.0
    started: float = 0.0

    @property
    def pid(self) -> int:
        """Its process id, also of its group; 0 while it does not run."""
        return self.process.pid if self.process and self.process.poll() is None else 0

    def signal_all(self, number: signal.Signals) -> None:
        """To the whole group."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """Tended by whoever holds it: nothing happens between two calls of `tend`."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self.children: dict[str, Child] = {}

    def start(self, child: Child) -> Child:
        """Starts a child and keeps it from now on."""
        self.children[child.name] = child
        self._run(child)
        return child

    def tend(self) -> None:
        """One look: who died is started again after a moment, who is silent is killed."""
        for child in self.children.values():
            if child.process is None:
                if time.monotonic() >= child.again_at:
                    self._run(child)
            elif child.process.poll() is not None:
                child.signal_all(signal.SIGKILL)  # what it left behind ends with it, as in a container
                child.process, child.again_at = None, time.monotonic() + WAIT
            elif self._is_silent(child):
                child.hung += 1
                child.signal_all(signal.SIGKILL)

    def stop(self) -> None:
        """Asks all to end, and kills who has not after a while."""
        for child in self.children.values():
            child.signal_all(signal.SIGCONT)
            if child.process:
                child.process.terminate()
        end = time.monotonic() + GRACE
        while any(child.pid for child in self.children.values()) and time.monotonic() < end:
            time.sleep(0.1)
        for child in self.children.values():
            child.signal_all(signal.SIGKILL)
            if child.process:
                child.process.wait()
        self.children.clear()

    def _run(self, child: Child) -> None:
        if child.alive:
            child.alive.unlink(missing_ok=True)
        with (self._logs / f"{child.name}.log").open("ab") as log:
            child.process = subprocess.Popen(
                child.command,
                cwd=ROOT,
                env=os.environ | dict(child.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        child.starts += 1
        child.started = time.monotonic()

    @staticmethod
    def _is_silent(child: Child) -> bool:
        if child.alive is None or not child.alive.exists():
            return False  # it has not come up yet
        return time.time() - child.alive.stat().st_mtime > child.silent_after
