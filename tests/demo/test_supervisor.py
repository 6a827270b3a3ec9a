"""The supervisor, with trivial children."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.demo.bell import Bell
from scheduler.demo.errors import DemoError
from scheduler.demo.folder import Folder
from scheduler.demo.process import Spec
from scheduler.demo.supervisor import Supervisor, how
from tests.demo.processes import ROOT, is_launcher, nothing_left, processes_of, until

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")
TOUCHER = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    folder = Folder(tmp_path / "data")
    folder.prepare()
    with Bell() as bell, Supervisor(bell, folder.children_lock, folder.logs, said.append, silent=0.5) as supervisor:
        yield supervisor


@pytest.fixture
def trivial(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.demo.trivial", str(tmp_path / "data")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    assert until(lambda: nothing_left(tmp_path / "data"), 5)


def tend_until(supervisor: Supervisor, said: list[str], words: str) -> bool:
    def told() -> bool:
        supervisor.tend()
        return any(words in sentence for sentence in said)

    return until(told, 10)


def test_a_child_that_is_killed_is_started_again(supervisor: Supervisor, said: list[str]) -> None:
    child = supervisor.start(Spec("sleeper", SLEEPER))
    child.kill()
    assert tend_until(supervisor, said, "sleeper ended (killed by SIGKILL): starting it again in 0.5 s.")
    assert until(lambda: _tended(supervisor, "sleeper"), 5)


def test_each_death_doubles_the_wait(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.start(Spec("failing", (sys.executable, "-c", "raise SystemExit(3)")))
    assert tend_until(supervisor, said, "failing ended (exit code 3): starting it again in 1 s.")


def test_a_child_that_falls_silent_is_killed(supervisor: Supervisor, said: list[str], tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    supervisor.start(Spec("mute", (sys.executable, "-c", TOUCHER, str(alive)), alive_file=alive))
    assert tend_until(supervisor, said, "mute gave no sign of life")
    assert tend_until(supervisor, said, "mute ended (killed by SIGKILL)")


def test_a_child_that_is_stopped_is_killed_although_it_cannot_hear(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    alive = tmp_path / "alive"
    child = supervisor.start(Spec("frozen", (sys.executable, "-c", TOUCHER, str(alive)), alive_file=alive))
    assert until(lambda: bool(child.silent_for()) and child.has_spoken, 5)
    for pid in processes_of(alive):
        os.kill(pid, signal.SIGSTOP)
    assert tend_until(supervisor, said, "frozen ended (killed by SIGKILL)")
    assert until(lambda: not processes_of(alive), 5)


def test_a_command_that_fails_once_ends_the_start(supervisor: Supervisor) -> None:
    with pytest.raises(DemoError, match="no such table"):
        supervisor.run_once(Spec("preparation", (sys.executable, "-c", "raise SystemExit('no such table')")))


def test_a_child_that_never_stays_ends_the_start(supervisor: Supervisor) -> None:
    supervisor.start(Spec("broken", (sys.executable, "-c", "raise SystemExit('bad option')")))
    with pytest.raises(DemoError, match="broken ended 3 times: bad option"):
        supervisor.wait_until(lambda: False, "Nothing", 30)


def test_the_end_of_the_supervisor_is_the_end_of_its_children(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data")
    folder.prepare()
    with Bell() as bell, Supervisor(bell, folder.children_lock, folder.logs, print) as supervisor:
        supervisor.start(Spec("sleeper", (*SLEEPER, str(tmp_path))))
    assert not processes_of(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_to_stop_it_leaves_nothing(
    trivial: subprocess.Popen[bytes], number: signal.Signals, tmp_path: Path
) -> None:
    trivial.send_signal(number)
    trivial.send_signal(number)  # asked twice it does not wait for the stubborn one
    assert trivial.wait(20) == 0
    assert until(lambda: nothing_left(tmp_path / "data"), 5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_once_more_at_the_very_end_it_still_ends_well(number: signal.Signals) -> None:
    ask = f"os.kill(os.getpid(), {number:d})"
    lines = ["import os", "from scheduler.demo.bell import Bell", f"with Bell() as bell: {ask}; bell.wait(1)", ask]
    assert subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=ROOT, check=False).returncode == 0


def test_killed_itself_it_leaves_nothing_within_five_seconds(trivial: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert not nothing_left(tmp_path / "data")
    trivial.kill()
    assert until(lambda: nothing_left(tmp_path / "data"), 5)


def test_a_killed_launcher_takes_its_command_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(Spec("sleeper", (*SLEEPER, str(tmp_path))))
    assert until(lambda: len(processes_of(tmp_path)) == 2, 5)
    launcher = next(pid for pid in processes_of(tmp_path) if is_launcher(pid))
    os.kill(launcher, signal.SIGKILL)
    assert until(lambda: processes_of(tmp_path) in ([], [launcher]), 5)  # a dead launcher waits to be noticed


@pytest.mark.parametrize(
    ("code", "words"), [(137, "killed by SIGKILL"), (-15, "killed by SIGTERM"), (3, "exit code 3")]
)
def test_how_a_child_ended_is_said_in_words(code: int, words: str) -> None:
    assert how(code) == words


def _tended(supervisor: Supervisor, name: str) -> bool:
    supervisor.tend()
    return supervisor.is_running(name)
