"""Starts the demo's children, starts them again when they die or fall silent, and ends them all."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from scheduler.demo.bell import Bell
from scheduler.demo.errors import DemoError
from scheduler.demo.process import Process, Rope, Spec

SILENT = 20.0  # seconds without a sign of life after which a child is killed
BOOT = 60.0  # seconds that a child may take to its first sign of life
WELL = 60.0  # seconds after which an earlier death is forgotten
LONGEST_WAIT = 30.0  # seconds between two starts of a child that keeps dying
HOPELESS = 3  # deaths before the demo has begun that make it give up
GRACE = 10.0  # seconds that a child gets to finish what it does


class StoppedError(Exception):
    """Somebody asked the demo to stop while it was still starting."""


class Supervisor:
    """The children and what happens to them. Whatever ends the `with` block ends them all."""

    def __init__(self, bell: Bell, lock: int, logs: Path, say: Callable[[str], None], silent: float = SILENT) -> None:
        """`lock`: a descriptor the children keep open; `say` takes sentences for a person; `silent` in seconds."""
        self._bell, self._logs, self._say, self._silent = bell, logs, say, silent
        self._reading, self._writing = os.pipe()
        self._rope = Rope(pipe=self._reading, lock=lock)
        self._running: dict[str, Process] = {}
        self._deaths: dict[str, int] = {}
        self._again: dict[str, tuple[float, Spec]] = {}  # when to start (monotonic) and what

    def __enter__(self) -> "Supervisor":
        """Nothing is started yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends every child; those that others need while they end come last."""
        self.stop()
        os.close(self._writing)
        os.close(self._reading)

    def start(self, spec: Spec) -> Process:
        """Starts a child and watches it from now on."""
        if spec.alive_file is not None:
            spec.alive_file.unlink(missing_ok=True)
        process = Process(spec, self._rope, self._logs / f"{spec.name}.log")
        self._running[spec.name] = process
        return process

    def is_running(self, name: str) -> bool:
        """Whether the child of that name was started and has not been seen to end."""
        return name in self._running

    def run_once(self, spec: Spec) -> None:
        """Runs a command to its end. Raises DemoError when it fails, StoppedError when the demo is to stop."""
        process = self.start(spec)
        while (code := process.code) is None:
            self._pause(0.5)
        del self._running[spec.name]
        if code:
            raise DemoError(f"{spec.name} failed: {last_line(process.log)} See {process.log} for the whole of it.")

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float) -> None:
        """Returns when `ready()` holds, tending the children meanwhile. Raises DemoError or StoppedError."""
        end = time.monotonic() + seconds
        while not ready():
            self.tend()
            hopeless = next((name for name, deaths in self._deaths.items() if deaths >= HOPELESS), None)
            if hopeless:
                log = self._logs / f"{hopeless}.log"
                raise DemoError(f"{hopeless} ended {HOPELESS} times: {last_line(log)} See {log} for the whole of it.")
            if time.monotonic() > end:
                raise DemoError(f"{what} did not answer within {seconds:.0f} seconds: see the logs in {self._logs}.")
            self._pause(0.1)

    def watch(self, each_minute: Callable[[], None] = lambda: None) -> None:
        """Tends the children until somebody asks the demo to stop."""
        tidied = time.monotonic()
        while not self._bell.asked:
            self.tend()
            if time.monotonic() - tidied > WELL:
                tidied = time.monotonic()
                self._tidy()
                each_minute()
            self._bell.wait(0.5)

    def tend(self) -> None:
        """One look: ends who is silent, notes who died, starts again whose wait is over."""
        for process in list(self._running.values()):
            self._end_if_silent(process)
            if process.code is not None:
                self._plan_again(process)
        for name, (when, spec) in list(self._again.items()):
            if time.monotonic() >= when:
                del self._again[name]
                self.start(spec)

    def stop(self) -> None:
        """Asks all to end, kills who has not after a while, or at once when asked a second time."""
        self._again.clear()
        asked = self._bell.asked
        for last in (False, True):
            group = [process for process in self._running.values() if process.spec.ends_last is last]
            for process in group:
                process.ask_to_end()
            end = time.monotonic() + GRACE
            while any(process.code is None for process in group):
                if time.monotonic() > end or self._bell.asked > asked:
                    break
                self._bell.wait(0.1)
            for process in group:
                process.kill()
        self._running.clear()

    def _pause(self, seconds: float) -> None:
        self._bell.wait(seconds)
        if self._bell.asked:
            raise StoppedError

    def _end_if_silent(self, process: Process) -> None:
        silent = process.silent_for()
        if silent > (self._silent if process.has_spoken else max(self._silent, BOOT)):
            self._say(f"{process.spec.name} gave no sign of life for {silent:.0f} seconds: ending it.")
            process.kill()

    def _plan_again(self, process: Process) -> None:
        name = process.spec.name
        del self._running[name]
        self._deaths[name] = 1 if process.age > WELL else self._deaths.get(name, 0) + 1
        wait = min(0.5 * 2 ** (self._deaths[name] - 1), LONGEST_WAIT)
        self._again[name] = (time.monotonic() + wait, process.spec)
        self._say(f"{name} ended ({how(process.code or 0)}): starting it again in {wait:g} s. Its log: {process.log}")

    def _tidy(self) -> None:
        for process in self._running.values():
            process.keep_log_small()
            if process.age > WELL:
                self._deaths.pop(process.spec.name, None)


def how(code: int) -> str:
    """How a child ended, in words."""
    number = -code if code < 0 else code - 128
    try:
        return f"killed by {signal.Signals(number).name}"
    except ValueError:
        return f"exit code {code}"


def last_line(log: Path) -> str:
    """The last line of a log that says something, as the end of a sentence."""
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return (lines[-1].rstrip(".") if lines else "it said nothing") + "."
