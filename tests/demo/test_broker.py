"""The demo's choice of a broker."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import kombu
import pytest

from scheduler.demo import broker as brokers
from scheduler.demo.errors import DemoError
from tests.demo.processes import free_port


@pytest.fixture(autouse=True)
def _no_redis_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)


def test_a_machine_with_redis_server_gets_a_private_one(tmp_path: Path) -> None:
    if not shutil.which("redis-server"):
        pytest.skip("this machine has no redis-server")
    broker = brokers.choose(tmp_path, "auto")
    assert broker.spec is not None
    assert broker.url == f"redis+socket://{tmp_path}/redis.sock?virtual_host=0"


def test_a_machine_without_redis_server_gets_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    broker = brokers.choose(tmp_path, "auto")
    assert broker.spec is None
    assert broker.url == f"sqla+sqlite:///{tmp_path}/broker.sqlite3"


def test_the_file_forgets_what_was_delivered_and_keeps_what_was_not(tmp_path: Path) -> None:
    broker = brokers.choose(tmp_path, "file")
    with kombu.Connection(broker.url) as connection, connection.SimpleQueue("publish") as queue:
        queue.put("delivered")
        queue.put("waiting")
        queue.get(timeout=5).ack()
        broker.tidy()
        assert queue.qsize() == 1
    with closing(sqlite3.connect(tmp_path / "broker.sqlite3")) as file:
        assert file.execute("SELECT count(*) FROM kombu_message").fetchone() == (1,)


def test_a_path_too_long_for_a_socket_gets_a_file(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    assert brokers.choose(deep, "auto").spec is None


def test_redis_that_is_not_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DemoError, match=r"no redis-server: install it, or .*BROKER=file"):
        brokers.choose(tmp_path, "redis")


def test_a_redis_url_that_does_not_answer_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(DemoError, match="start it, or unset REDIS_URL"):
        brokers.choose(tmp_path, "auto")


def test_a_file_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="choose another folder"):
        brokers.choose(tmp_path / "missing", "file")
