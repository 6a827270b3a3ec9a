"""Where a run keeps its things, and how it finds what the machine has."""

import os
import pwd
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Places:
    """The folders of one run. Nothing of it is left when the run ends."""

    folder: Path

    @cached_property
    def armed(self) -> Path:
        """Faults that wait for a worker to come to a step: one empty file each, named `step.kind.number`."""
        return self._made("armed")

    @cached_property
    def taken(self) -> Path:
        """Faults whose step was reached: the file's name, and the process that took it."""
        return self._made("taken")

    @cached_property
    def logs(self) -> Path:
        """What the processes say."""
        return self._made("logs")

    @cached_property
    def data(self) -> Path:
        """The product's own data folder: SQLite's file, the spool."""
        return self._made("data")

    @cached_property
    def network(self) -> Path:
        """The recording network's store."""
        return self._made("network")

    def _made(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir(exist_ok=True)
        return path


@contextmanager
def own_folder(keep: Path | None = None) -> Iterator[Places]:
    """A new folder that everybody may enter (PostgreSQL runs as another user), thrown away at the end; `keep` is used
    and left as it is."""
    folder = keep or Path(tempfile.mkdtemp(prefix="chorus-faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    try:
        yield Places(folder)
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def postgres_tool(name: str) -> str:
    """The path of a PostgreSQL program of this machine, the newest where there are several; empty without one."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: path.parts[4].zfill(4))
    return str(debian[-1]) if debian else shutil.which(name) or ""


def postgres_user() -> str | None:
    """Whom PostgreSQL runs as: it refuses root, so the user `postgres` where this is root, else nobody else."""
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def what_is_missing(database: str) -> str:
    """Why a run cannot take place on this machine, in a sentence; empty where it can."""
    if not shutil.which("redis-server"):
        return "There is no redis-server here: install it, so that the run can start (and kill) one of its own."
    if database == "postgresql" and not (postgres_tool("initdb") and postgres_tool("postgres")):
        return "There is no initdb here: install PostgreSQL's server, so that the run can start one of its own."
    return ""
