"""A worker that is told to stop claims nothing more."""

import threading

import pytest
from celery.signals import worker_shutting_down

from scheduler import stopping


@pytest.fixture
def _not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_asked", threading.Event())


@pytest.mark.usefixtures("_not_asked")
def test_nobody_asked_yet():
    assert not stopping.asked()


@pytest.mark.usefixtures("_not_asked")
def test_celery_s_own_word_at_sigterm_is_heard():
    worker_shutting_down.send(sender="publish@host", sig="SIGTERM", how="Warm", exitcode=0)
    assert stopping.asked()
