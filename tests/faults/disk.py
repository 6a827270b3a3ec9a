"""A small disk of its own for SQLite's file and the spool, that can be filled up and emptied."""

import subprocess
from contextlib import suppress
from pathlib import Path

SIZE = "400m"


class Disk:
    """A tmpfs over the data folder where this process may mount one; `can_fill` says whether it could."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "chorus-faults", str(folder)]
        self.can_fill = subprocess.run(words, check=False, capture_output=True).returncode == 0

    def fill(self) -> None:
        """Leaves not one byte."""
        block = b"\0" * 65536
        with suppress(OSError), (self._folder / "filler").open("wb", buffering=0) as file:
            while file.write(block):
                pass
        with suppress(OSError), (self._folder / "filler-2").open("wb", buffering=0) as file:
            while file.write(b"\0" * 512):
                pass

    def empty(self) -> None:
        """Gives the room back."""
        for name in ("filler", "filler-2"):
            (self._folder / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Takes the disk away, with everything on it."""
        if self.can_fill:
            subprocess.run(["umount", "-l", str(self._folder)], check=False, capture_output=True)
