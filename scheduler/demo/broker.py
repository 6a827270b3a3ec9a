"""The demo's broker: a private redis-server, or a file where the machine has none, or the one that REDIS_URL names.

Only wake-ups pass through it, and the database is the queue: whatever it forgets costs a second, never a post.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import kombu
import redis
from sqlalchemy.exc import SQLAlchemyError

from scheduler.demo.errors import DemoError
from scheduler.demo.process import Spec

KINDS = ("auto", "redis", "file")
LONGEST_SOCKET = 100  # bytes; sun_path holds 104 on macOS and 108 on Linux, unix(4) and unix(7)


@dataclass(frozen=True)
class Broker:
    """Where the wake-ups go: its address for Celery, a name for people, and what it needs."""

    url: str
    name: str
    spec: Spec | None = None  # what to start
    answers: Callable[[], bool] = lambda: True
    tidy: Callable[[], None] = lambda: None  # to be called now and then


def choose(run: Path, kind: str) -> Broker:
    """The broker for a demo whose passing files are in `run`; `kind` is one of KINDS. Raises DemoError."""
    url = os.environ.get("REDIS_URL", "")
    if url and kind == "auto":
        return _given(url)
    binary = shutil.which("redis-server")
    socket = run / "redis.sock"
    fits = len(os.fsencode(socket)) <= LONGEST_SOCKET
    if kind == "redis" and not binary:
        raise DemoError("This machine has no redis-server: install it, or use a file with BROKER=file (--broker file).")
    if kind == "redis" and not fits:
        raise DemoError(f"{socket} is too long for a socket: choose a shorter folder with DATA=, or BROKER=file.")
    if binary and fits and kind != "file":
        return _private(binary, socket)
    return _file(run / "broker.sqlite3")


def _given(url: str) -> Broker:
    if not _pings(redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3)):
        raise DemoError("No Redis answers at the address in REDIS_URL: start it, or unset REDIS_URL.")
    return Broker(url=url, name="Redis, as REDIS_URL says")


def _private(binary: str, socket: Path) -> Broker:
    command = (binary, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--save", "")
    options = ("--appendonly", "no", "--dir", str(socket.parent), "--daemonize", "no", "--loglevel", "warning")
    return Broker(
        url=f"redis+socket://{socket}?virtual_host=0",
        name="a private redis-server",
        answers=lambda: socket.exists() and _pings(redis.Redis(unix_socket_path=str(socket), socket_timeout=3)),
        spec=Spec("broker", (*command, *options), ends_last=True),
    )


def _file(path: Path) -> Broker:
    url = f"sqla+sqlite:///{path}"
    try:
        with closing(sqlite3.connect(path)) as file:
            file.execute("PRAGMA journal_mode=WAL")  # who reads does not wait for who writes
        # Its tables are made here, once: children that make them at the same moment would trip over each other.
        with kombu.Connection(url) as connection:
            connection.SimpleQueue("publish").close()
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise DemoError(f"The broker's file {path} cannot be made: choose another folder with DATA=.") from error
    return Broker(url=url, name="a file", tidy=lambda: forget_delivered(path))


def forget_delivered(path: Path) -> None:
    """Removes the messages that were delivered: Celery's file transport keeps them for ever."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(path, timeout=2)) as file:  # busy: next time
        file.execute("DELETE FROM kombu_message WHERE NOT visible")
        file.commit()


def _pings(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError, ValueError):
        return False
    finally:
        client.close()
