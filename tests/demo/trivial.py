"""A supervisor with trivial children, in a process of its own, so that a test can kill it: `trivial.py FOLDER`."""

import sys
from pathlib import Path

from scheduler.demo.bell import Bell
from scheduler.demo.folder import Folder
from scheduler.demo.process import Spec
from scheduler.demo.supervisor import Supervisor

# A child with a child of its own, both deaf to a polite request: only a kill ends them.
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
time.sleep(60)
"""


def main() -> None:
    """Runs one stubborn and one polite child until it is asked to stop."""
    folder = Folder(Path(sys.argv[1]))
    folder.prepare()
    with Bell() as bell, Supervisor(bell, folder.children_lock, folder.logs, print) as supervisor:
        supervisor.start(Spec("stubborn", (sys.executable, "-c", STUBBORN)))
        supervisor.start(Spec("polite", (sys.executable, "-c", "import time; time.sleep(60)")))
        sys.stdout.write("started\n")
        sys.stdout.flush()
        supervisor.watch()


if __name__ == "__main__":
    main()
