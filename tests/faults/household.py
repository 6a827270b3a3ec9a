"""Everything a run starts: the database, Redis, the recording network, workers, beats, and the lines between them."""

import os
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scheduler.demo.child import die_with_parent
from tests.faults import times
from tests.faults.disk import Disk
from tests.faults.places import ROOT, Places, free_port
from tests.faults.servers import Postgres, Redis, until
from tests.faults.supervisor import Child, Supervisor

HANDS = 8
CELERY = (sys.executable, "-m", "celery", "-A", "tests.faults.worker")
QUIET = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING")


@dataclass(frozen=True)
class Wish:
    """What kind of household: the database, the seed, how often the network does wrong (0 never), shipped times."""

    database: str = "postgresql"
    seed: int = 1
    odds: float = 1.0
    shipped_times: bool = False

    @property
    def lease(self) -> int:
        """Seconds."""
        return times.SHIPPED_LEASE if self.shipped_times else times.LEASE


class Household:
    """All processes of a run. `environment` is what the product is told; the run itself uses the same."""

    def __init__(self, wish: Wish, places: Places) -> None:
        self.wish, self.places = wish, places
        self.redis = Redis(places.folder, places.logs / "redis.log")
        self.postgres = Postgres(places.folder, places.logs / "postgresql.log") if self.on_postgres else None
        self.disk = None if self.on_postgres else Disk(places.data)
        self.supervisor = Supervisor(places.logs)
        self.network_port, self._line_port = free_port(), free_port()
        self._line: subprocess.Popen[bytes] | None = None
        self._clock_library = _compile_clock(places.folder)

    @property
    def on_postgres(self) -> bool:
        """Else SQLite."""
        return self.wish.database == "postgresql"

    @property
    def network_url(self) -> str:
        """Where the recording network answers."""
        return f"http://127.0.0.1:{self.network_port}"

    @property
    def environment(self) -> dict[str, str]:
        """The product's settings, for the run itself and for its workers."""
        database = self.postgres.url if self.postgres else f"sqlite:///{self.places.data / 'chorus.sqlite3'}"
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "CHORUS_TESTING": "1",
            "DATABASE_URL": database,
            "REDIS_URL": self.redis.url,
            "CHORUS_BROKER_URL": self.redis.url,
            "CHORUS_DATA": str(self.places.data),
            "CHORUS_SPOOL": str(self.places.data / "spool"),
            "CHORUS_WALL_URL": self.network_url,
            "CHORUS_LEASE": str(self.wish.lease),
            "CHORUS_HANDS": str(HANDS),
            "CHORUS_STEP_HOOK": "tests.faults.hook:reached",
            "CHORUS_FAULTS_FOLDER": str(self.places.folder),
            "CHORUS_FAULTS_TIMES": "shipped" if self.wish.shipped_times else "short",
        }

    @property
    def can_shift_clocks(self) -> bool:
        """Where this machine has a C compiler."""
        return self._clock_library is not None

    def start_servers(self) -> None:
        """Database, Redis, network: what the tables are made in."""
        _ = self.places.armed, self.places.taken
        if self.postgres:
            self.postgres.create()
        self.redis.start()
        network = ["-m", "tests.faults.network", "--data", str(self.places.network), "--port", str(self.network_port)]
        words = [sys.executable, *network, "--seed", str(self.wish.seed), "--odds", str(self.wish.odds)]
        self.supervisor.start(Child("network", words, {}))
        until((self.places.network / "wall.sqlite3").exists, 20, "the network's start")

    def start_workers(self) -> None:
        """Everything that works."""
        if self.postgres:
            self._start_line(self.postgres.port)
            self._worker("publish-a", ("-Q", "publish", "-P", "prefork", "-c", "4"), "prefork")
            through = {"DATABASE_URL": self.postgres.through(self._line_port), "CHORUS_FAULTS_ROLE": "cuttable"}
            self._worker("publish-b", ("-Q", "publish", "-P", "prefork", "-c", "4"), "prefork", through)
            self._worker("rest", ("-Q", "rest", "-P", "threads", "-c", "2"), "threads")
        else:
            for name in ("publish-a", "publish-b"):  # as the demo's one worker, twice
                self._worker(name, ("-Q", "publish,rest", "-P", "threads", "-c", "4"), "threads")
        for name in ("beat-a", "beat-b"):
            file = {"CHORUS_BEAT_FILE": str(self.places.folder / name)}
            self._child(name, [*CELERY, "beat", "--loglevel", "WARNING"], file, None)

    def stop(self) -> None:
        """Ends everything."""
        self.supervisor.stop()
        if self._line:
            self._line.kill()
            self._line.wait()
        self.redis.kill()
        if self.postgres:
            self.postgres.stop(signal.SIGINT)
        if self.disk:
            self.disk.close()

    def cut_line(self) -> None:
        """The worker `publish-b` loses its database and keeps the network."""
        assert self._line is not None
        self._line.send_signal(signal.SIGUSR1)

    def mend_line(self) -> None:
        """And has it back."""
        assert self._line is not None
        self._line.send_signal(signal.SIGUSR2)

    def set_clock(self, child: str, seconds: int) -> None:
        """Sets the wall clock of one process's host off, at once and while it runs."""
        self._clock_file(child).write_bytes(struct.pack("q", seconds))

    def _clock_file(self, child: str) -> Path:
        return self.places.folder / f"{child}.clock"

    def _start_line(self, target: int) -> None:
        words = [sys.executable, "-m", "tests.faults.proxy", str(self._line_port), str(target)]
        self._line = subprocess.Popen(words, cwd=ROOT, preexec_fn=die_with_parent())

    def _worker(self, name: str, words: tuple[str, ...], pool: str, more: dict[str, str] | None = None) -> None:
        alive = self.places.folder / f"{name}.alive"
        given = {"CHORUS_FAULTS_POOL": pool, "CHORUS_ALIVE_FILE": str(alive)} | (more or {})
        self._child(name, [*CELERY, "worker", "-n", f"{name}@%h", *words, *QUIET], given, alive)

    def _child(self, name: str, command: list[str], more: dict[str, str], alive: Path | None) -> None:
        given = self.environment | more
        if self._clock_library:
            self.set_clock(name, 0)
            given |= {"LD_PRELOAD": str(self._clock_library), "FAULTS_CLOCK": str(self._clock_file(name))}
        # On PostgreSQL a sleeper may sleep past its lease; on SQLite it holds the one lock, and is killed for it.
        silent = 60.0 if self.on_postgres else 8.0
        self.supervisor.start(Child(name, command, given, alive, silent))


def _compile_clock(folder: Path) -> Path | None:
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    library = folder / "clock.so"
    source = Path(__file__).with_name("clock.c")
    done = subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=False)
    return library if done.returncode == 0 else None


@contextmanager
def household(wish: Wish, places: Places) -> Iterator[Household]:
    """The servers of a run, with this process's own Django on them and empty tables; ended whatever happens."""
    home = Household(wish, places)
    os.environ |= home.environment | {"CHORUS_STEP_HOOK": ""}
    try:
        home.start_servers()
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=os.environ | {"CHORUS_STEP_HOOK": ""}, check=True)
        yield home
    finally:
        home.stop()
