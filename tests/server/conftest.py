"""A server's installation, and a wall of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.installation import Installation, database, installation, migrate
from tests.wall_process import Wall, start_wall


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with all tables and no rows, made by the compose file's own command."""
    name = f"chorus_migrated_{os.getpid()}"
    with database(name) as address:
        migrate(tmp_path_factory.mktemp("migrate"), address)
        yield name


@pytest.fixture
def server(tmp_path: Path, migrated: str) -> Iterator[Installation]:
    """An empty installation on PostgreSQL and Redis."""
    with installation(tmp_path, migrated) as made:
        yield made


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Wall]:
    """A wall that can be told to do wrong."""
    started = start_wall(tmp_path / "wall", faults=True)
    yield started
    started.stop()
