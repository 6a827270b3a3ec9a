"""What a worker does when it comes to a named step: takes an armed fault, if one waits there.

Each fault is an empty file in the folder `armed`; whoever renames it into `taken` first has it.
"""

import os
import signal
import time
from pathlib import Path

FOLDER = Path(os.environ.get("CHORUS_FAULTS_FOLDER", "/nonexistent"))
ROLE = os.environ.get("CHORUS_FAULTS_ROLE", "")
POOL = os.environ.get("CHORUS_FAULTS_POOL", "prefork")
LONGEST_WAIT = 8.0
"""Seconds that a worker waits at a step for the run to do what was asked (end a server, cut a line)."""


def reached(step: str, item_id: int) -> None:
    """The hook of settings.STEP_HOOK."""
    for name in os.listdir(FOLDER / "armed"):
        if name.startswith(f"{step}.") and (ROLE == "cuttable" or ".cut." not in name):
            _take(name)


def _take(name: str) -> None:
    taken = FOLDER / "taken" / f"{name}.{os.getpid()}"
    try:
        os.rename(FOLDER / "armed" / name, taken)
    except FileNotFoundError:
        return  # another worker was there first
    main = os.getpid() if POOL == "threads" else os.getppid()
    match name.split(".")[1]:
        case "kill-child":
            os.kill(os.getpid(), signal.SIGKILL)
        case "kill-worker":
            os.killpg(os.getpgid(0), signal.SIGKILL)
        case "stop-child":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "term-worker":
            os.kill(main, signal.SIGTERM)
        case _:
            _wait_for(taken.with_name(f"{taken.name}.done"))


def _wait_for(done: Path) -> None:
    end = time.monotonic() + LONGEST_WAIT
    while not done.exists() and time.monotonic() < end:
        time.sleep(0.02)
