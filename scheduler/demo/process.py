"""One child of the demo: what it is, and the running process group of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOG_LIMIT = 20_000_000  # bytes; an older half is kept beside it


@dataclass(frozen=True)
class Spec:
    """What to start: a name for people, the command, what is added to its environment."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    alive_file: Path | None = None  # touched each second by a child that is well
    ends_last: bool = False  # others still need it while they end


@dataclass(frozen=True)
class Rope:
    """What ties children to this process: the pipe that ends with it, and the folder's lock."""

    pipe: int
    lock: int


class Process:
    """A running child with its own process group and log."""

    def __init__(self, spec: Spec, rope: Rope, log: Path) -> None:
        """Starts the child."""
        self.spec = spec
        self.log = log
        self.started = time.monotonic()
        launcher = [sys.executable, "-m", "scheduler.demo.child", str(rope.pipe), str(rope.lock)]
        with log.open("ab") as output:
            self._popen = subprocess.Popen(  # noqa: S603 - our own commands
                [*launcher, *spec.command],
                cwd=ROOT,
                env=os.environ | spec.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(rope.pipe, rope.lock),
                start_new_session=True,
            )
        self._seen: tuple[float, float] = (0.0, self.started)  # the file's time, and when it changed (monotonic)

    @property
    def code(self) -> int | None:
        """The exit code, or None while it runs. What the child left behind is ended with it."""
        code = self._popen.poll()
        if code is not None:
            self._signal(signal.SIGKILL)
        return code

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self.started

    def silent_for(self) -> float:
        """Seconds since its last sign of life; 0 for a child that gives none. A machine asleep does not count."""
        if self.spec.alive_file is None:
            return 0.0
        with suppress(FileNotFoundError):
            touched = self.spec.alive_file.stat().st_mtime
            if touched != self._seen[0]:
                self._seen = (touched, time.monotonic())
        return time.monotonic() - self._seen[1]

    @property
    def has_spoken(self) -> bool:
        """Whether it gave a sign of life since it was started."""
        return self._seen[1] > self.started

    def ask_to_end(self) -> None:
        """Asks the whole group to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the whole group at once, and waits for it."""
        self._signal(signal.SIGKILL)
        self._popen.wait()

    def keep_log_small(self) -> None:
        """Moves a log that has grown too long aside; the child goes on writing at its new end."""
        if self.log.stat().st_size > LOG_LIMIT:
            self.log.with_suffix(".old.log").write_bytes(self.log.read_bytes())
            os.truncate(self.log, 0)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, number)
