"""Each run in a process of its own: Django is set up once a process, and each run has another database."""

import multiprocessing
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def alone(work: Callable[..., T], *arguments: Any) -> T:  # noqa: ANN401 - the work's own
    """What `work` returns, from a fresh process. Raises what it raises."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)
