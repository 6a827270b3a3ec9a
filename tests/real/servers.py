"""Starts the real servers and ends them, whatever happens."""

import json
import selectors
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real.install import NotRunError

START_LIMIT = 120.0
"""Seconds until a server must say where it listens."""


@contextmanager
def running_pds(node: Path, folder: Path) -> Iterator[str]:
    """The address of a new, empty PDS with a directory of its own. Raises NotRunError where it does not start."""
    with tempfile.TemporaryDirectory(prefix="chorus-pds-") as data:
        process = subprocess.Popen(
            [str(node), "pds.mjs", data], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield _address(process)
        finally:
            _end(process)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        line = process.stdout.readline() if selector.select(START_LIMIT) else ""
    if not line:
        raise NotRunError("the PDS did not start; its own words are above")
    return str(json.loads(line)["pds"])


def _end(process: subprocess.Popen[str]) -> None:
    """Closing its input asks it to end; it is killed where it does not."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
