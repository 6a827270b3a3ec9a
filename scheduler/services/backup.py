"""Writes a backup: one zip file with every row of the database as JSON lines, and the pictures.

It goes through Django, and not through pg_dump or SQLite's own copy, for three reasons: the file can be restored on
either database; the append-only triggers stay in force, because rows are only ever inserted; and no program of the
database's version has to be at hand. Rows and pictures are streamed: memory does not grow with them. On PostgreSQL the
rows are one moment's (a REPEATABLE READ snapshot) while everything goes on; on SQLite writers wait until it is done.

    manifest.json           what it is, from which version, which migrations were applied, how many rows, which keys
    rows/001-accounts.user.jsonl   one object a line, in the order of its key; the number is the order to load in
    media/…                 the pictures and files

Keys are named by their fingerprint and never included: without them nobody reads the credentials in the backup.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from scheduler import clock

FORMAT = 1
LEFT_OUT = frozenset({"sessions", "contenttypes", "auth", "admin"})
"""Apps whose rows come from migrations, or by which nobody stays signed in after a restore."""
CHUNK = 500
COPY_BYTES = 1_000_000


class _Exact(DjangoJSONEncoder):
    """Django's encoder cuts a moment to milliseconds; the log's hashes are over microseconds."""

    def default(self, o: object) -> Any:  # noqa: ANN401 - Django's own signature
        """A moment in full, everything else as Django does."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


@dataclass(frozen=True)
class Summary:
    """What was written or restored."""

    rows: int
    files: int


def kept_models() -> list[type[models.Model]]:
    """The models whose rows are kept, each app's before those of the apps that build on it."""
    found = apps.get_models(include_auto_created=True)
    return [m for m in found if m._meta.app_label not in LEFT_OUT and m._meta.managed and not m._meta.proxy]


def fingerprints() -> list[str]:
    """The first twelve digits of each encryption key's SHA-256: enough to know it again, useless to decrypt with."""
    return [hashlib.sha256(key.encode()).hexdigest()[:12] for key in settings.ENCRYPTION_KEYS]


def applied_migrations() -> list[str]:
    """The migrations of the apps whose rows are kept, as app.name."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app not in LEFT_OUT)


def write(path: Path) -> Summary:
    """Writes the backup to `path`, which must not exist; a backup that breaks off leaves no file of that name. Raises
    OSError."""
    if path.exists():
        raise FileExistsError(f"{path} is there already.")
    part = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            with one_moment():
                counted = _write_rows(archive)
            files = _write_media(archive)
            manifest = _manifest() | {"rows": counted, "files": files}
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        part.chmod(0o600)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return Summary(sum(counted.values()), files)


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction in which everything read is of the same moment."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                # Between two chunks the file is written to, which may be slow; nothing is locked meanwhile.
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
        yield


def _manifest() -> dict[str, Any]:
    return {
        "format": FORMAT,
        "product": "chorus",
        "version": settings.VERSION,
        "made_at": clock.now().isoformat(),
        "database": connection.vendor,
        "migrations": applied_migrations(),
        "encryption_keys": fingerprints(),
    }


def _write_rows(archive: zipfile.ZipFile) -> dict[str, int]:
    counted: dict[str, int] = {}
    for place, model in enumerate(kept_models(), start=1):
        label = model._meta.label_lower
        with archive.open(f"rows/{place:03}-{label}.jsonl", "w", force_zip64=True) as file:
            counted[label] = 0
            for line in _lines(model):
                file.write(line)
                counted[label] += 1
    return counted


def _lines(model: type[models.Model]) -> Iterator[bytes]:
    """Each row as a line. The serialiser gets one row at a time, so that no list of them is ever held."""
    for row in model._base_manager.order_by("pk").iterator(CHUNK):
        yield serializers.serialize("jsonl", [row], cls=_Exact).encode()


def _write_media(archive: zipfile.ZipFile) -> int:
    root = Path(settings.MEDIA_ROOT)
    paths = sorted(path for path in root.rglob("*") if path.is_file()) if root.exists() else []
    for path in paths:
        with path.open("rb") as source, archive.open(f"media/{path.relative_to(root)}", "w", force_zip64=True) as copy:
            while piece := source.read(COPY_BYTES):
                copy.write(piece)
    return len(paths)
