"""Fixtures for every test: the log's reset, a folder of its own for files, and the personas' browsers."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import trans_real
from pytest_django import Settings

from scheduler import clock
from scheduler.services import log_triggers
from tests.personas import client_of
from tools.catalogues import compile_all

TESTS = Path(__file__).parent
ELSEWHERE = (TESTS / "networks", TESTS / "e2e")
"""Adapters know no models, and the browser looks at a demo with a database of its own."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks with `once` what never meets the tests' own database, so that tests/run.py does not repeat it on each."""
    for item in items:
        elsewhere = any(item.path.is_relative_to(folder) for folder in ELSEWHERE)
        if elsewhere and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.once)


@pytest.fixture(scope="session", autouse=True)
def _the_log_can_be_flushed() -> Iterator[None]:
    """The one place that takes the publish log's triggers away: while Django empties all tables after a test with
    real transactions. They are put back in the same breath."""
    operations = type(connection.ops)
    plain = operations.execute_sql_flush

    def flush(self: object, sql_list: Sequence[str]) -> None:
        log_triggers.remove()
        try:
            plain(self, sql_list)
        finally:
            log_triggers.install()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush)
        yield


@pytest.fixture(autouse=True)
def _files_of_its_own(tmp_path: Path, settings: Settings) -> None:
    """Pictures and outcomes in the spool never land in the demo's folder. Static files are looked up when asked for,
    under their plain names: nobody collects them for a test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SPOOL_DIR = tmp_path / "spool"
    settings.WHITENOISE_AUTOREFRESH = True
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def officer(db: None) -> Client:
    """VSE's communications officer: an editor of the coordinator."""
    return client_of("officer")


@pytest.fixture
def admin(db: None) -> Client:
    """VSE's admin."""
    return client_of("admin")


@pytest.fixture
def editor_fr(db: None) -> Client:
    """France Victimes' editor."""
    return client_of("editor_fr")


@pytest.fixture
def editor_pt(db: None) -> Client:
    """APAV's editor."""
    return client_of("editor_pt")


@pytest.fixture
def editor_fi(db: None) -> Client:
    """Rikosuhripäivystys' editor."""
    return client_of("editor_fi")


@pytest.fixture
def stranger(db: None) -> Client:
    """Signed in, and a member of nothing."""
    return client_of("stranger")


@pytest.fixture
def anonymous(db: None) -> Client:
    """Nobody."""
    return client_of("anonymous")


@pytest.fixture(scope="session", autouse=True)
def one_answer_of_the_clock() -> None:
    """The database is asked for the time once, not every twenty seconds: a test that counts questions would meet one
    more of them now and then."""
    clock.ASKED_EVERY = 86_400.0


@pytest.fixture
def compiled_catalogues() -> Iterator[None]:
    """Catalogues as `make` leaves them, read anew."""
    compile_all()
    trans_real._translations = {}  # type: ignore[attr-defined]  # Django keeps what it has read
    yield
    trans_real._translations = {}  # type: ignore[attr-defined]
