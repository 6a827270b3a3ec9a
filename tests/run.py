"""`make test`: everything but the tests against real third parties, on SQLite and on PostgreSQL with Redis, side by side.

Tests that never meet the tests' database (the marker `once`: networks, browsers and the demo's own processes) run once.

Run as `python -m tests.run [pytest's options]`. TEST_DATABASE_URL and TEST_REDIS_URL say where PostgreSQL and Redis
answer, TEST_DATABASE_NAME what the tests' own database is called there. With CHORUS_REQUIRE_BOTH=1 a run that could not
take place is a failure.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
DATABASE_NAME = os.environ.get("TEST_DATABASE_NAME", "chorus_test")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
NO_TESTS = 5  # pytest's exit code where the options chose none


@dataclass(frozen=True)
class Outcome:
    """What became of one of the runs; `passed` is None where it could not take place, `closing` is pytest's last line."""

    name: str
    passed: bool | None
    reason: str = ""
    closing: str = ""

    def sentence(self) -> str:
        """One line for the person who waits for it."""
        word = {True: "passed", False: "FAILED", None: "did not run"}[self.passed]
        return f"{self.name}: {word}{'. ' + self.reason if self.reason else ''}"


def say(words: str) -> None:
    """Prints at once, in order with what the tests print."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def find_browser() -> str:
    """Debian's Chromium, installed by apt-get where this process may. Raises SystemExit with what to do."""
    if not shutil.which("chromium"):
        install_browser()
    browser = shutil.which("chromium")
    if not browser:
        sys.exit(
            "The tests need Chromium: install Debian's package with `apt-get install chromium`, then run them again."
        )
    return browser


def install_browser() -> None:
    """Asks apt-get for Chromium, where there is one and this process is root."""
    if os.geteuid() or not shutil.which("apt-get"):
        return
    say("Installing Chromium for the tests in a browser.")
    for words in (["update"], ["install", "--no-install-recommends", "chromium"]):
        subprocess.run(
            ["apt-get", "-qq", "-y", "-o", "DPkg::Lock::Timeout=600", *words],
            stdout=subprocess.DEVNULL,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            check=False,
        )


def missing_server() -> str:
    """Which of PostgreSQL and Redis does not answer, in a sentence; empty where both do."""
    try:
        psycopg.connect(DATABASE_URL, connect_timeout=3).close()
    except psycopg.Error:
        return "PostgreSQL does not answer: start it, or say where with TEST_DATABASE_URL."
    try:
        with redis.Redis.from_url(REDIS_URL, socket_connect_timeout=3) as client:
            client.ping()
    except (redis.RedisError, OSError):
        return "Redis does not answer: start it, or say where with TEST_REDIS_URL."
    return ""


def clean_environment() -> dict[str, str]:
    """This environment without anything that points at somebody's own database, broker or data."""
    ours = {"DATABASE_URL", "REDIS_URL"}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in ours and (not name.startswith("CHORUS_") or name == "CHORUS_REQUIRE_BOTH")
    }


@dataclass(frozen=True)
class Part:
    """One of the runs that make up `make test`. `marks` choose its tests; `{folder}` in `environment` becomes a data
    folder that is thrown away; `missing` says why it cannot take place."""

    name: str
    label: str
    marks: str
    environment: dict[str, str]
    missing: str = ""

    def run(self, options: list[str]) -> Outcome:
        """Runs pytest once and shows each of its lines behind the part's label."""
        if self.missing:
            return Outcome(self.name, passed=None, reason=self.missing)
        with tempfile.TemporaryDirectory(prefix="chorus-test-") as folder:
            given = {name: value.format(folder=folder) for name, value in self.environment.items()}
            environment = clean_environment() | {"CHORUS_TESTING": "1", "CHORUS_DATA": folder} | given
            command = [sys.executable, "-m", "pytest", "-m", self.marks, "-p", "no:cacheprovider", *options]
            with subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            ) as process:
                last = ""
                for line in process.stdout or ():
                    last = line.strip() or last
                    say(f"{self.label:<10} | {line.rstrip()}")
        return Outcome(self.name, process.returncode in ({0, NO_TESTS} if options else {0}), closing=last.strip("= "))


def parts() -> list[Part]:
    """What asks no database of the tests', once; the rest on what the demo has everywhere, SQLite and a file as the
    broker, and again on what a server has, where both answer."""
    given = {
        "DATABASE_URL": DATABASE_URL,
        "CHORUS_TEST_POSTGRES": DATABASE_NAME,
        "REDIS_URL": REDIS_URL,
        "CHORUS_BROKER_PREFIX": f"chorus-test-{os.getpid()}:",
    }
    file = {"CHORUS_BROKER_URL": "sqla+sqlite:///{folder}/broker.sqlite3", "CHORUS_TEST_SQLITE": "{folder}/t.sqlite3"}
    on_both = "not real and not once"
    return [
        Part("No database", "once", "not real and once", file),
        Part("SQLite with the demo's broker", "sqlite", on_both, file),
        Part("PostgreSQL and Redis", "postgresql", on_both, given, missing_server()),
    ]


def main(options: list[str]) -> int:
    """All parts side by side, then what became of them; returns the exit code."""
    find_browser()
    with ThreadPoolExecutor() as pool:
        outcomes = list(pool.map(lambda part: part.run(options), parts()))
    say("\n== Which ran ==")
    for outcome in outcomes:
        say(outcome.sentence())
    for outcome in outcomes:
        say(f"==== {outcome.closing} ====")
    both = os.environ.get("CHORUS_REQUIRE_BOTH") == "1"
    good = all(outcome.passed or (outcome.passed is None and not both) for outcome in outcomes)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
