"""The demo is killed, all of it at once, in the middle of publishing, and started again."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.demo.processes import ROOT, RunningDemo, nothing_left, processes_of, until

pytestmark = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="the demo's own SQLite is what is tried here")

ITEMS, HANGING, OUT = 60, 3, 20
"""How many are planned; how many are accepted without an answer; how many stand on the wall when the power is cut."""
LEASE = {"CHORUS_LEASE": "40"}
"""Seconds, shorter than a server's, so that the test need not wait as long for what nobody finished."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    cut_power(tmp_path / "data")


def cut_power(folder: Path) -> None:
    """Ends every process that was started on the folder, without a word."""
    for pid in processes_of(folder):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def gone_dark(folder: Path) -> bool:
    """Whether nothing is left; what was being started when the power went is ended too."""
    cut_power(folder)
    return nothing_left(folder)


def inside(demo: RunningDemo, *command: str) -> str:
    """Runs a Python command in the environment of the demo's worker: its database, its keys. Gives what it prints."""
    marks = Path(f"/proc/{demo.pid_of('-m celery -A config worker')}/environ").read_bytes().split(b"\0")
    environment = dict(mark.decode().split("=", 1) for mark in marks if b"=" in mark)
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def stand(demo: RunningDemo) -> dict[str, Any]:
    """How each item on the wall stands."""
    found: dict[str, Any] = json.loads(inside(demo, "-m", "tests.demo.drill", "stand"))
    return found


def states(demo: RunningDemo, planned: list[int]) -> Counter[str]:
    standing = stand(demo)
    return Counter(standing[str(pk)]["state"] for pk in planned)


def settled(demo: RunningDemo, planned: list[int]) -> bool:
    """Whether each item is out, or stands before a person because the power went between the beginning and the
    acceptance: then it is not on the wall, and nobody but a person may say «send again»."""
    there = {(post["network"], post["account"], post["text"]) for post in demo.wall()}
    items = [item for pk, item in stand(demo).items() if int(pk) in planned]
    unclear = [item for item in items if item["state"] != "published"]
    return all(
        item["state"] == "uncertain" and (item["network"], item["account"], text) not in there
        for item in unclear
        for text in item["texts"]
    )


def test_nothing_is_out_twice_or_lost_and_what_is_unclear_is_seen(folder: Path) -> None:
    first = RunningDemo(folder, **LEASE)
    first.fault("hang_after", HANGING)
    planned: list[int] = json.loads(inside(first, "-m", "tests.demo.drill", "plan", str(ITEMS)))
    assert len(planned) == ITEMS
    assert until(lambda: len(first.wall()) >= OUT, 60), first.logs()
    cut_power(folder)
    first.close()
    assert until(lambda: gone_dark(folder), 20)  # the kernel takes a moment to bury them

    again = RunningDemo(folder, **LEASE)
    assert states(again, planned)["published"] < ITEMS
    assert until(lambda: states(again, planned)["uncertain"] >= 1, 90), again.logs()
    assert until(lambda: settled(again, planned), 150), states(again, planned)

    wall = Counter((post["network"], post["account"], post["text"]) for post in again.wall())
    ours = Counter(
        (item["network"], item["account"], text)
        for item in stand(again).values()
        if item["state"] == "published"
        for text in item["texts"]
    )
    assert set(wall.values()) == {1}
    assert wall == ours
    assert "whole" in inside(again, "manage.py", "verify_log")
    again.close()
