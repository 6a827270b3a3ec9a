"""Which process this is, so that it can be told from every other and be seen gone."""

import os
import socket
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scheduler.models import PublishAttempt


@dataclass(frozen=True)
class Worker:
    """Host, its boot, pid, and the process's start in clock ticks since that boot."""

    host: str
    boot_id: str
    pid: int
    started: str


def this_worker() -> Worker:
    """The running process. Forked children ask anew: the pid is part of the key."""
    return _worker(os.getpid())


@cache
def _worker(pid: int) -> Worker:
    return Worker(socket.gethostname(), boot_id(), pid, _started(pid))


@cache
def boot_id() -> str:
    """This boot of this host; empty where the system does not say (then nobody is ever seen gone)."""
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip() if path.exists() else ""


def _started(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]


def is_gone(attempt: PublishAttempt) -> bool:
    """Whether the process that began this attempt is known to be gone. Only its own host can say so."""
    if not boot_id() or attempt.host != socket.gethostname():
        return False
    return attempt.boot_id != boot_id() or _started(attempt.pid) != attempt.started
