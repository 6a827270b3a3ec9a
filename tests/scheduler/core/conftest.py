"""A real wall for the core's tests, and a world on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import World, make_world
from tests.wall_process import Wall, start_wall


@pytest.fixture(scope="session")
def wall_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    """One wall process for all of these tests; each test has accounts of its own."""
    folder: Path = tmp_path_factory.mktemp("wall")
    wall = start_wall(folder, faults=True)
    yield wall
    wall.stop()


@pytest.fixture
def wall(wall_of_the_run: Wall) -> Iterator[Wall]:
    """The wall without any fault left over."""
    wall_of_the_run.clear_faults()
    yield wall_of_the_run
    wall_of_the_run.clear_faults()


@pytest.fixture
def world(db: None, wall: Wall) -> World:
    """A campaign with one approved post and a channel on the wall."""
    return make_world(base_url=wall.url)
