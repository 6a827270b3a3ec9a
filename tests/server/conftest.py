"""A server's installation, and a wall of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.installation import Installation, installation
from tests.wall_process import Wall, start_wall


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Installation]:
    """An empty installation on PostgreSQL and Redis."""
    with installation(tmp_path) as made:
        yield made


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Wall]:
    """A wall that can be told to do wrong."""
    started = start_wall(tmp_path / "wall", faults=True)
    yield started
    started.stop()
