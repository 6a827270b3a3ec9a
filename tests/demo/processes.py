"""What the demo's tests do with real processes: start, find, wait for."""

import contextlib
import fcntl
import json
import os
import random
import select
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from scheduler.demo.folder import CHILDREN

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = (sys.executable, str(ROOT / "manage.py"), "demo")


def free_ports(number: int) -> int:
    """The first of so many free ports in a row, below those that the system gives to clients."""
    while True:
        first = random.randrange(20_000, 30_000)
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            for port in range(first, first + number):
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            return first


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(**more: str) -> dict[str, str]:
    """This environment without anything that would point the demo at the tests' own database or broker."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHORUS_")}
    return {name: value for name, value in kept.items() if name not in {"DATABASE_URL", "REDIS_URL"}} | more


def until(true: Callable[[], bool], seconds: float) -> bool:
    """Whether `true` came to hold within `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def nothing_left(folder: Path) -> bool:
    """Whether no process that was started on `folder` lives: each of them holds its lock."""
    with (folder / CHILDREN).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return not processes_of(folder)


def processes_of(folder: Path, words: str = "") -> list[int]:
    """The ids of the processes whose command line or environment names `folder`, and whose command has `words`."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
            if str(folder).encode() in command + (entry / "environ").read_bytes() and words.encode() in command:
                found.append(int(entry.name))
    return sorted(found)


def run_refused(*options: str, **environment: str) -> tuple[int, str]:
    """Runs `manage.py demo` where it cannot start: its exit code and what it said."""
    done = subprocess.run(
        [*MANAGE, *options], cwd=ROOT, env=clean_environment(**environment), capture_output=True, text=True, timeout=60
    )
    return done.returncode, (done.stdout + done.stderr).strip()


class RunningDemo:
    """`manage.py demo` on free ports, until its page answers."""

    def __init__(self, folder: Path, *options: str, **environment: str) -> None:
        """Starts it in `folder` and waits until it prints its addresses."""
        self.folder, self.port, self.wall_port = folder, free_port(), free_port()
        ports = ("--port", str(self.port), "--wall-port", str(self.wall_port))
        self.process = subprocess.Popen(
            [*MANAGE, *ports, "--data", str(folder), *options],
            cwd=ROOT,
            env=clean_environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.said = ""
        assert self.says("Ctrl-C", 90), self.said + self.logs()

    def says(self, words: str, seconds: float) -> bool:
        """Whether it prints `words` within `seconds`; what it printed before counts."""
        end = time.monotonic() + seconds
        stream = self.process.stdout
        assert stream is not None
        while words not in self.said and time.monotonic() < end:
            if select.select([stream], [], [], 0.2)[0]:
                chunk = os.read(stream.fileno(), 65536)
                if not chunk:
                    break
                self.said += chunk.decode()
        return words in self.said

    def page(self, port: int, path: str = "/") -> str:
        """What the app or the wall answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def wall(self) -> list[dict[str, object]]:
        """The posts on the wall, oldest first."""
        return list(json.loads(self.page(self.wall_port, "/posts.json")))

    def order(self, kind: str, **fields: str) -> None:
        """Tells the wall to do wrong with the next post, as its panel does; «none» forgets what was ordered."""
        told = urlencode({"kind": kind, **fields}).encode()
        urllib.request.urlopen(f"http://127.0.0.1:{self.wall_port}/trouble", told, timeout=10).close()

    def fault(self, kind: str, times: int) -> None:
        """Puts any fault that the wall knows in its line; `hang_after` is one that its panel does not offer."""
        told = json.dumps({"kind": kind, "times": times}).encode()
        urllib.request.urlopen(f"http://127.0.0.1:{self.wall_port}/api/faults", told, timeout=10).close()

    def pid_of(self, words: str) -> int:
        """The process whose command has `words`: the command itself, not what launched it."""
        return max(pid for pid in processes_of(self.folder, words) if not is_launcher(pid))

    def logs(self) -> str:
        """The ends of all logs, for a failed test."""
        return "\n".join(f"{log.name}: {log.read_text()[-2000:]}" for log in sorted(self.folder.glob("logs/*.log")))

    def close(self) -> None:
        """Ends it, whatever state it is in."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def is_launcher(pid: int) -> bool:
    """Whether the process only launches and guards another."""
    return b"scheduler.demo.child" in Path(f"/proc/{pid}/cmdline").read_bytes()
