"""The wall as a process: how it starts, what it says when it cannot, how it ends."""

import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from networks.wall.__main__ import main
from tests.networks.wall.conftest import Send
from tests.wall_process import ROOT, Wall, command, start_wall


def start_in_vain(words: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)


def test_a_taken_port_is_said_in_one_sentence(wall: Wall, tmp_path: Path):
    ended = start_in_vain([*command(tmp_path / "other", port=wall.port)])
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == [
        f"The wall cannot have port {wall.port} on 127.0.0.1: Address already in use. Choose another one with --port."
    ]


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    folder = tmp_path / "file" / "wall"
    ended = start_in_vain([*command(folder)])
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == [
        f"The wall cannot keep its posts in {folder}: Not a directory. Choose another folder with --data."
    ]


@pytest.mark.parametrize("port", ["-1", "65536"])
def test_a_port_that_cannot_be_is_said_to_be_none(tmp_path: Path, capsys: pytest.CaptureFixture[str], port: str):
    assert main(["--data", str(tmp_path), "--port", port]) == 2
    assert f"port {port} on 127.0.0.1" in capsys.readouterr().err


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "wall.sqlite3").write_bytes(b"something else entirely" * 100)
    assert main(["--data", str(tmp_path), "--port", "0"]) == 2
    assert "file is not a database" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_and_cleanly(wall: Wall, number: signal.Signals):
    began = time.monotonic()
    wall.process.send_signal(number)
    assert wall.process.wait(timeout=10) == 0
    assert time.monotonic() - began < 2


def test_it_ends_at_once_while_an_answer_hangs(wall: Wall, send: Send):
    wall.fault("hang_after")
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(send)
        wall.wait_for_posts(1)
        began = time.monotonic()
        assert wall.stop() == 0
        assert time.monotonic() - began < 2
        assert isinstance(hanging.exception(timeout=10), requests.RequestException)


def test_it_starts_again_on_the_same_port_and_data(wall: Wall, send: Send):
    send()
    wall.stop()
    again = start_wall(wall.data, port=wall.port)
    assert len(again.posts()) == 1
    assert again.stop() == 0
