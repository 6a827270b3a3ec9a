"""A server's installation for tests: the services of docker-compose.yml as processes, on a database and keys in Redis
of their own. Their commands and environment are read from the file, never repeated here."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg import sql

from tests.demo.processes import free_port, until
from tests.server import compose
from tools.make_secrets import make

HOST = "chorus.example"


class Service:
    """One service as a process. `keep` starts it again whenever it ends, as `restart: always` does."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.name, self.log = name, log
        self._command, self._environment = command, environment
        self.process = self._start()
        self.starts = 1
        self._keep = threading.Event()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as output:
            return subprocess.Popen(
                self._command, cwd=compose.ROOT, env=self._environment, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT,
            )  # fmt: skip

    def stop(self, seconds: float = 75) -> int:
        """SIGTERM, as at a deployment; returns the exit code. Raises TimeoutExpired past the grace period."""
        self._keep.clear()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def start_again(self) -> None:
        """After it has ended."""
        self.process = self._start()
        self.starts += 1

    def keep(self) -> None:
        """From now on it is started again by itself."""
        self._keep.set()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while self._keep.is_set():
            if self.process.poll() is not None:
                self.start_again()
            time.sleep(0.2)

    def close(self) -> None:
        """Ends it for good."""
        self._keep.clear()
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def lines(self) -> list[dict[str, Any]]:
        """What it logged as JSON."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


class Installation:
    """A server with an empty, migrated database."""

    def __init__(self, folder: Path, database_url: str, redis_url: str, prefix: str) -> None:
        self.folder, self.database_url, self.prefix = folder, database_url, prefix
        self._redis_url = redis_url
        self.port = free_port()
        self.running: list[Service] = []
        make(folder / "secrets")

    def environment(self, service: str, **more: str) -> dict[str, str]:
        """What compose gives the service, with this machine's places instead of the containers'."""
        given = {name: str(value) for name, value in compose.services()[service]["environment"].items()}
        placed = {name: value.replace("/run/secrets", str(self.folder / "secrets")) for name, value in given.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CHORUS_", "DATABASE_"))}
        ours = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self._redis_url,
            "CHORUS_BROKER_PREFIX": self.prefix,
            "CHORUS_ALLOWED_HOSTS": HOST,
            "CHORUS_DATA": str(self.folder / "data"),
            "CHORUS_STATIC": str(self.folder / "static"),
            "CHORUS_BEAT_FILE": str(self.folder / "beat"),
            "CHORUS_ALIVE_FILE": str(self.folder / f"{service}.alive"),
            "CHORUS_BIND": f"127.0.0.1:{self.port}",
        }
        return kept | placed | ours | more

    def run(self, *words: str, service: str = "migrate", **more: str) -> str:
        """Runs a command to its end and returns what it said. Raises CalledProcessError."""
        done = subprocess.run(
            words, cwd=compose.ROOT, env=self.environment(service, **more), capture_output=True, text=True,
            timeout=300, check=False,
        )  # fmt: skip
        if done.returncode:
            raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
        return done.stdout

    def manage(self, *words: str, **more: str) -> str:
        """A management command."""
        return self.run(sys.executable, "manage.py", *words, **more)

    def start(self, service: str, name: str = "", **more: str) -> Service:
        """Starts a service by its command in docker-compose.yml; `name` where there are several of it."""
        name = name or service
        command = [word.replace("@%h", f"@{name}") for word in compose.command_of(service)]
        log = self.folder / f"{name}.log"
        started = Service(name, command, self.environment(service, **more), log)
        self.running.append(started)
        return started

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(question).fetchall()  # type: ignore[call-overload]  # the tests' own SQL

    def states(self) -> dict[str, int]:
        """How many items there are in each state."""
        return dict(self.ask("SELECT state, count(*) FROM scheduler_scheduleditem GROUP BY state"))  # type: ignore[arg-type]

    def wait(self, true: Callable[[], bool], seconds: float, what: str) -> None:
        """Waits for something; fails with the ends of all logs."""
        assert until(true, seconds), f"{what} within {seconds:g} seconds; {self.states()}\n{self.logs()}"

    def logs(self) -> str:
        """The ends of all logs, for a failed test."""
        return "\n".join(f"== {one.name}\n{one.log.read_text()[-3000:]}" for one in self.running)

    def close(self) -> None:
        """Ends all services."""
        for service in self.running:
            service.close()


@contextmanager
def database(name: str, like: str = "") -> Iterator[str]:
    """The address of a database of our own, empty or a copy of another one; dropped afterwards."""
    server = os.environ["DATABASE_URL"]
    ours, copied = sql.Identifier(name), sql.SQL(" TEMPLATE {}").format(sql.Identifier(like)) if like else sql.SQL("")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(ours))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(ours) + copied)
    try:
        yield f"{server.rsplit('/', 1)[0]}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(ours))


def migrate(folder: Path, address: str) -> None:
    """The tables, by the very command of the service that makes them."""
    Installation(folder, address, os.environ["REDIS_URL"], "").run(*compose.command_of("migrate"))


@contextmanager
def installation(folder: Path, like: str = "") -> Iterator[Installation]:
    """An installation on the servers of DATABASE_URL and REDIS_URL; everything of it is removed afterwards. `like`: a
    database that has the tables, so that they need not be made again for each test."""
    prefix, redis_url = f"chorus-installation-{os.getpid()}:", os.environ["REDIS_URL"]
    with database(f"chorus_installation_{os.getpid()}", like) as address:
        if not like:
            migrate(folder, address)
        made = Installation(folder, address, redis_url, prefix)
        try:
            yield made
        finally:
            made.close()
            with redis.Redis.from_url(redis_url) as client:
                for key in client.scan_iter(f"{prefix}*"):
                    client.delete(key)
