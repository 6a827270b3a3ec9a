"""Servers that the run starts, empties and kills: its own PostgreSQL cluster and its own Redis, on its own ports."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import redis

from scheduler.demo.child import die_with_parent
from tests.faults.places import free_port, postgres_tool, postgres_user

START = 30.0
"""Seconds that a server may take until it answers."""


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Waits for a condition. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not happen within {seconds:g} seconds")
        time.sleep(0.05)


class Postgres:
    """A cluster made by this run's own initdb, with PostgreSQL's own durability, that is broken and started again."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._data, self._log = folder / "postgresql", log
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address for the product."""
        return self.through(self.port)

    def through(self, port: int) -> str:
        """The same database by another port: a proxy's."""
        return f"postgres://postgres@127.0.0.1:{port}/postgres"

    def create(self) -> None:
        """Makes the cluster and starts it."""
        user = postgres_user()
        self._data.mkdir(mode=0o700)
        if user:
            subprocess.run(["chown", user, str(self._data)], check=True)
        words = [postgres_tool("initdb"), "-D", str(self._data), "-U", "postgres", "--auth=trust", "-E", "UTF8"]
        subprocess.run([*words, "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, **self._as(user))
        self.start()

    def start(self) -> None:
        """Starts it and waits until it answers."""
        own = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": 80}
        settings = [word for name, value in own.items() for word in ("-c", f"{name}={value}")]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [postgres_tool("postgres"), "-D", str(self._data), *settings],
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(),
                **self._as(postgres_user()),
            )
        until(self._answers, START, "PostgreSQL's answer")

    def stop(self, how: signal.Signals) -> None:
        """Ends it: SIGINT is its «fast», SIGQUIT its «immediate», which is a crash that the next start recovers from."""
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(timeout=60)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.Error:
            return False
        return True

    @staticmethod
    def _as(user: str | None) -> dict[str, Any]:
        return {"cwd": "/"} | ({"user": user, "group": user, "extra_groups": []} if user else {})


class Redis:
    """A Redis without persistence: killing it empties it."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._folder, self._log = folder, log
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address for the product."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        words = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*words, "--dir", str(self._folder)], stdout=log, stderr=log, preexec_fn=die_with_parent()
            )
        until(self._answers, START, "Redis' answer")

    def kill(self) -> None:
        """Ends it at once, with everything in it."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port, socket_connect_timeout=1) as client:
                return bool(client.ping())
        except (redis.RedisError, OSError):
            return False


def children_of(pid: int) -> list[int]:
    """The processes whose parent `pid` is; empty where it is gone."""
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in told.split() if os.path.exists(f"/proc/{child}")]
