"""The demo with DATABASE_URL and REDIS_URL set: PostgreSQL and Redis instead of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from psycopg import sql

from tests.demo.processes import RunningDemo, until

pytestmark = pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="needs PostgreSQL and Redis")


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty database of our own, dropped afterwards."""
    server = os.environ["DATABASE_URL"]
    name = f"chorus_demo_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield f"{server.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def prefix() -> Iterator[str]:
    """The beginning of our keys in Redis, removed afterwards."""
    prefix = f"chorus-demo-{os.getpid()}:"
    yield prefix
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)


def test_it_uses_the_servers_that_it_is_told_of(tmp_path: Path, database: str, prefix: str) -> None:
    given = {"DATABASE_URL": database, "REDIS_URL": os.environ["REDIS_URL"], "CHORUS_BROKER_PREFIX": prefix}
    demo = RunningDemo(tmp_path / "data", **given)
    try:
        assert "Its broker is Redis, as REDIS_URL says." in demo.said
        assert until((tmp_path / "data" / "run" / "worker.alive").exists, 30)
        assert not (tmp_path / "data" / "chorus.sqlite3").exists()
    finally:
        demo.close()
