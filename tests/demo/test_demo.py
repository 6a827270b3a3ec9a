"""`manage.py demo`, really started: what a newcomer sees, what survives, and that nothing is left behind."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.processes import RunningDemo, free_port, nothing_left, processes_of, run_refused, until

pytestmark = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="test_demo_on_a_server.py runs instead")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[RunningDemo]:
    running = RunningDemo(tmp_path / "data")
    yield running
    running.close()


def path_without_redis(folder: Path) -> str:
    """A PATH of one folder that has no redis-server in it."""
    folder.mkdir()
    return str(folder)


def test_the_pages_answer_and_the_worker_is_started_again(demo: RunningDemo) -> None:
    assert "Chorus" in demo.page(demo.port)
    assert isinstance(demo.wall(), list)
    os.kill(demo.pid_of("-m celery -A config worker"), signal.SIGKILL)
    assert demo.says("worker ended (killed by SIGKILL): starting it again", 20)
    assert until(lambda: bool(processes_of(demo.folder, "-m celery -A config worker")), 20)


def test_asked_to_stop_it_leaves_nothing_behind(demo: RunningDemo) -> None:
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(40) == 0
    assert nothing_left(demo.folder)


def test_killed_it_leaves_nothing_behind_and_starts_again_at_once(demo: RunningDemo) -> None:
    demo.process.kill()
    again = RunningDemo(demo.folder)
    assert "Chorus" in again.page(again.port)
    again.process.kill()
    assert until(lambda: nothing_left(demo.folder), 5)
    again.close()


def test_without_redis_server_the_broker_is_a_file(tmp_path: Path) -> None:
    running = RunningDemo(tmp_path / "data", PATH=path_without_redis(tmp_path / "bin"))
    try:
        assert "Its broker is a file." in running.said
        assert until(lambda: (running.folder / "run" / "worker.alive").exists(), 30)
    finally:
        running.close()


def test_a_worker_that_is_stopped_is_killed_and_started_again(demo: RunningDemo) -> None:
    assert until(lambda: (demo.folder / "run" / "worker.alive").exists(), 30)
    os.kill(demo.pid_of("-m celery -A config worker"), signal.SIGSTOP)
    assert demo.says("worker gave no sign of life", 40)
    assert demo.says("starting it again", 10)


@pytest.mark.parametrize(("option", "whose"), [("--port", "the app"), ("--wall-port", "the wall")])
def test_a_port_in_use_is_one_sentence(tmp_path: Path, option: str, whose: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = {"--port": free_port(), "--wall-port": free_port()} | {option: taken.getsockname()[1]}
        options = [str(word) for pair in ports.items() for word in pair]
        code, said = run_refused(*options, "--data", str(tmp_path / "data"))
    assert code == 2
    assert said.startswith(f"Port {ports[option]}, where {whose} would answer, is in use")
    assert len(said.splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, said = run_refused("--data", str(tmp_path / "file" / "data"))
    assert (code, len(said.splitlines())) == (2, 1)
    assert "choose another folder with DATA=" in said


def test_a_broker_that_cannot_start_is_one_sentence(tmp_path: Path) -> None:
    (binary := tmp_path / "redis-server").write_text("#!/bin/sh\necho 'no memory left' >&2\nexit 1\n")
    binary.chmod(0o755)
    code, said = run_refused("--data", str(tmp_path / "data"), PATH=f"{tmp_path}:/usr/bin:/bin")
    assert code == 2
    assert "no memory left" in said.splitlines()[-1]
    assert "BROKER=file" in said.splitlines()[-1]
