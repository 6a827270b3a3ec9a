"""The demo's data folder: everything it keeps, behind a marker, so that a reset never empties another folder."""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from cryptography.fernet import Fernet

from scheduler.demo.errors import DemoError

MARKER = ".chorus-demo"  # says whose folder it is, and is locked by the command that runs
CHILDREN = ".chorus-demo-children"  # locked by each process that was started and still lives
WORDS = "This folder belongs to the demo of Chorus. `make demo RESET=1` empties it.\n"


class Folder:
    """A data folder that this process holds; its lock goes when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Makes the folder if need be and locks it. Raises DemoError."""
        self.path = path.resolve()
        self.run = self.path / "run"
        self.logs = self.path / "logs"
        self._marker = _open_marker(self.path)
        if not _lock(self._marker):
            raise DemoError(f"A demo already runs on {self.path}: stop it first, or choose another folder with DATA=.")
        self._children: TextIO = (self.path / CHILDREN).open("a", encoding="utf-8")

    @property
    def children_lock(self) -> int:
        """The descriptor that every child inherits: while one lives, the folder is not free."""
        return self._children.fileno()

    def wait_for_earlier_children(self, seconds: float = 15.0) -> None:
        """Returns when the processes of a demo that was killed are gone; they need a moment. Raises DemoError."""
        end = time.monotonic() + seconds
        while not _lock(self._children):
            if time.monotonic() > end:
                raise DemoError(f"Processes of an earlier demo still use {self.path}: end them, then start again.")
            time.sleep(0.1)

    def reset(self) -> None:
        """Empties the folder, except for the two locks."""
        for entry in self.path.iterdir():
            if entry.name in {MARKER, CHILDREN}:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def prepare(self) -> None:
        """Makes the folders of a run; what was passing (sockets, signs of life, old wake-ups) starts anew."""
        shutil.rmtree(self.run, ignore_errors=True)
        self.run.mkdir(mode=0o700)
        self.logs.mkdir(exist_ok=True)
        (self.path / "wall").mkdir(exist_ok=True)

    def secret(self, name: str, make: Callable[[], str]) -> str:
        """The secret called `name`, made once and readable by its owner alone."""
        path = self.path / "secrets" / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "w", encoding="utf-8") as file:
                file.write(make())
        return path.read_text(encoding="utf-8").strip()


def signing_key() -> str:
    """A new key that signs sessions."""
    return secrets.token_urlsafe(50)


def encryption_key() -> str:
    """A new key that encrypts channels' credentials."""
    return Fernet.generate_key().decode()


def _open_marker(path: Path) -> TextIO:
    marker = path / MARKER
    try:
        path.mkdir(parents=True, exist_ok=True)
        if not marker.exists() and any(path.iterdir()):
            raise DemoError(f"{path} holds something else than a demo: choose an empty or new folder with DATA=.")
        opened = marker.open("a", encoding="utf-8")
        if not opened.tell():
            opened.write(WORDS)
            opened.flush()
    except OSError as error:
        raise DemoError(f"{path} cannot be written ({error.strerror}): choose another folder with DATA=.") from error
    return opened


def _lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
