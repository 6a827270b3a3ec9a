"""Runs one command of the demo so that it cannot outlive the demo: `python -m scheduler.demo.child PIPE LOCK CMD…`.

PIPE is the reading end of a pipe whose other end only the supervisor holds: when the supervisor is gone, however it
went, the pipe ends, and this process ends its whole process group. On Linux the kernel also kills the command when
this process is killed. LOCK is a descriptor that the command keeps open, so that a later start can see it.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

GRACE = 2.0  # seconds between asking the group to end and killing it, once the supervisor is gone
PR_SET_PDEATHSIG = 1  # prctl(2), linux/prctl.h


def die_with_parent() -> Callable[[], None] | None:
    """What a command does between fork and exec so that it dies with its parent; None where there is no such thing."""
    if not sys.platform.startswith("linux"):
        return None
    prctl, parent = ctypes.CDLL(None, use_errno=True).prctl, os.getpid()

    def arrange() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the call above
            os._exit(1)

    return arrange


def watch(pipe: int) -> None:
    """Waits until the supervisor is gone, then ends the group, this process with it."""
    while os.read(pipe, 1):
        pass
    os.killpg(os.getpgrp(), signal.SIGTERM)
    time.sleep(GRACE)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def survive_signals_for_the_group() -> None:
    """The command gets the group's signals as well and decides; a handler, unlike «ignore», is not inherited."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, lambda *_: None)


def main(pipe: int, lock: int, command: list[str]) -> int:
    """Runs `command` to its end; returns its exit code, 128 + n where signal n ended it."""
    survive_signals_for_the_group()
    # preexec_fn is safe here: no thread has been started yet.
    process = subprocess.Popen(command, preexec_fn=die_with_parent(), pass_fds=(lock,))  # noqa: S603
    watcher = threading.Thread(target=watch, args=(pipe,), daemon=True)
    watcher.start()
    code = process.wait()
    if supervisor_is_gone(pipe):
        watcher.join()  # nobody else will end what the command left behind
    return 128 - code if code < 0 else code


def supervisor_is_gone(pipe: int) -> bool:
    """Whether the pipe has ended; nothing is ever written to it, so anything to read is its end."""
    return bool(select.select([pipe], [], [], 0)[0])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
