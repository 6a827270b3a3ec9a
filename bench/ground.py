"""What a benchmark stands on: a database of its own, a Redis prefix of its own, and the processes it starts."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
STOP = 40.0
"""Seconds that a process gets to end by itself."""


@dataclass(frozen=True)
class Ground:
    """`environment` is what every process of the run is started with; `folder` is thrown away at the end."""

    database: str
    folder: Path
    environment: dict[str, str] = field(repr=False)

    def adopt(self) -> None:
        """Makes this process one of the run: its environment, its Django. Once a process."""
        import django

        os.environ.update(self.environment)
        django.setup()

    @contextmanager
    def running(self, command: Sequence[str], name: str, **more: str) -> Iterator[subprocess.Popen[str]]:
        """A process for the length of the block, its output in the folder."""
        with (self.folder / f"{name}.log").open("a") as log:
            process = subprocess.Popen(
                command, env=self.environment | more, stdout=subprocess.PIPE if name == "network" else log,
                stderr=log, text=True, cwd=ROOT,
            )  # fmt: skip
            try:
                yield process
            finally:
                _end(process)

    @contextmanager
    def network(self, latency_ms: int) -> Iterator[str]:
        """The address of a recording network that answers after `latency_ms`."""
        command = [sys.executable, "-m", "bench.network", str(latency_ms)]
        with self.running(command, "network") as process:
            assert process.stdout is not None  # noqa: S101 - PIPE was asked for
            yield process.stdout.readline().strip()

    def queued(self, queue: str) -> int:
        """How many messages wait in a queue."""
        with redis.Redis.from_url(REDIS_URL) as client:
            return int(client.llen(f"{self.environment['CHORUS_BROKER_PREFIX']}{queue}"))

    def purge(self) -> None:
        """Deletes this run's own keys in Redis, and no others."""
        with redis.Redis.from_url(REDIS_URL) as client:
            for key in client.scan_iter(f"{self.environment['CHORUS_BROKER_PREFIX']}*", 1000):
                client.delete(key)


def recorded(url: str) -> Any:  # noqa: ANN401 - see bench/network.py
    """What the network accepted since it was asked last, and over how many connections."""
    with urlopen(f"{url}/recorded", timeout=60) as answer:  # noqa: S310 - our own address
        return json.load(answer)


@contextmanager
def ground(database: str, **more: str) -> Iterator[Ground]:
    """A fresh `postgresql` or `sqlite` with Chorus's tables, dropped at the end."""
    name = f"chorus_bench_{os.getpid()}_{secrets.token_hex(3)}"
    with tempfile.TemporaryDirectory(prefix="chorus-bench-") as folder:
        shared = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "CHORUS_TESTING": "1",
            "CHORUS_DATA": folder,
            "CHORUS_BEAT_FILE": f"{folder}/beat",
            "REDIS_URL": REDIS_URL,
            "CHORUS_BROKER_PREFIX": f"{name}:",
            **more,
        }
        inherited = {
            key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "CHORUS_BROKER_URL"}
        }
        if database == "postgresql":
            shared["DATABASE_URL"] = f"{DATABASE_URL.rpartition('/')[0]}/{name}"
            _sql(f'CREATE DATABASE "{name}"')
        ours = Ground(database, Path(folder), inherited | shared)
        try:
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=ours.environment, cwd=ROOT, check=True)
            yield ours
        finally:
            ours.purge()
            if database == "postgresql":
                _sql(f'DROP DATABASE "{name}" WITH (FORCE)')


def _sql(statement: str) -> None:
    with psycopg.connect(DATABASE_URL, autocommit=True) as connection:
        connection.execute(statement)


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
