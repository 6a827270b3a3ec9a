"""Each task's name and id stand in every line that it logs."""

from typing import Any

from celery.signals import task_postrun, task_prerun

from scheduler import trace


def begin(task_id: str, task: Any, **_: Any) -> None:  # noqa: ANN401 - a signal's own arguments
    """The thread works on this task from now on."""
    trace.bind(task=task.name.rpartition(".")[2], task_id=task_id)


def end(**_: Any) -> None:  # noqa: ANN401 - as above
    """And on nothing any more: a worker's thread lives on for the next task."""
    trace.clear()


def connect() -> None:
    """Called once, when the app is ready."""
    task_prerun.connect(begin, dispatch_uid="trace-begin")
    task_postrun.connect(end, dispatch_uid="trace-end")
