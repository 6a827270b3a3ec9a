"""The wall as tests start it: a process of its own on a free port, with a folder of its own."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[1]
START = 20.0
"""Seconds that a wall may take until it answers."""


@dataclass
class Wall:
    """A running wall."""

    url: str
    data: Path
    process: "subprocess.Popen[str]"

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def port(self) -> int:
        """The port that it took."""
        return int(self.url.rpartition(":")[2])

    def stop(self) -> int:
        """Asks it to end, and gives its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """Ends it at once, as a power cut would."""
        return self._end(signal.SIGKILL)

    def posts(self) -> list[dict[str, Any]]:
        """All posts, oldest first, as `/posts.json` tells them."""
        answer = requests.get(f"{self.url}/posts.json", timeout=10)
        answer.raise_for_status()
        posts: list[dict[str, Any]] = answer.json()
        return posts

    def texts(self) -> list[str]:
        """The texts of all posts, oldest first."""
        return [post["text"] for post in self.posts()]

    def wait_for_posts(self, number: int, seconds: float = 10.0) -> list[dict[str, Any]]:
        """The posts once there are so many. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while len(posts := self.posts()) < number:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(posts)} of {number} posts after {seconds:g} seconds")
            time.sleep(0.02)
        return posts

    def fault(self, kind: str, *, times: int = 1, **more: object) -> None:
        """Queues a fault; `more` is `account`, `network` or `seconds`."""
        fields = {"kind": kind, "times": times, **more}
        requests.post(f"{self.url}/api/faults", json=fields, timeout=10).raise_for_status()

    def faults(self) -> list[dict[str, Any]]:
        """The faults that still wait."""
        waiting: list[dict[str, Any]] = requests.get(f"{self.url}/api/faults", timeout=10).json()["faults"]
        return waiting

    def clear_faults(self) -> None:
        """Forgets all faults."""
        requests.delete(f"{self.url}/api/faults", timeout=10).raise_for_status()

    def _end(self, number: signal.Signals) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=10)
        if self.process.stdout and not self.process.stdout.closed:
            self.process.stdout.close()
        return code


def command(data: Path, *more: str, port: int = 0) -> Sequence[str]:
    """The words that start a wall."""
    return [sys.executable, "-m", "networks.wall", "--data", str(data), "--port", str(port), *more]


def start_wall(data: Path, *, faults: bool = True, port: int = 0) -> Wall:
    """A wall that answers; port 0 takes any that is free. Raises RuntimeError where it does not start."""
    words = command(data, *(["--faults"] if faults else []), port=port)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    # It says its address when it listens; from then on every call is answered.
    ready, _, _ = select.select([process.stdout], [], [], START)
    line = process.stdout.readline() if ready else ""
    if "http" not in line:
        process.kill()
        process.wait()
        process.stdout.close()
        raise RuntimeError(f"The wall did not start: {line!r}")
    return Wall(line.split()[-1], data, process)
