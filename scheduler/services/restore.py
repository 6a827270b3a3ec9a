"""Reads a backup (scheduler/services/backup.py) into an empty installation; afterwards every post that has not ended
waits for an admin's word, because what went out after the backup is not known here."""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, models, transaction

from scheduler.services import backup, log, log_triggers, restored
from scheduler.services.backup import CHUNK, COPY_BYTES, FORMAT, Summary


class RestoreError(Exception):
    """Nothing was restored; the sentence says why and what to do."""


def read(path: Path, *, without_keys: bool = False) -> Summary:
    """Restores `path`. Rows are written in one transaction: either all are there, verified, or none. Raises
    RestoreError. `without_keys`: also where a key is missing that the credentials were encrypted with."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            _refuse_unless_it_fits(manifest, without_keys)
            _refuse_unless_empty()
            with transaction.atomic():
                rows = _load(archive, manifest["rows"])
                _verify()
                restored.mark_all()
                # Last, but before the rows are committed: if the disk is full, nothing is restored.
                return Summary(rows, _copy_media(archive))
    except (OSError, zipfile.BadZipFile, json.JSONDecodeError, UnicodeDecodeError, KeyError) as error:
        raise RestoreError(f"{path} cannot be read as a backup of Chorus: {error}.") from error


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    if manifest.get("product") != "chorus" or manifest.get("format") != FORMAT:
        raise RestoreError("This is not a backup of Chorus in a format that this version reads.")
    return manifest


def _refuse_unless_it_fits(manifest: dict[str, Any], without_keys: bool) -> None:
    if manifest["migrations"] != backup.applied_migrations():
        raise RestoreError(
            f"This backup is of version {manifest['version']} and its tables are others than here. Install that "
            "version, run manage.py migrate, restore there, and upgrade then."
        )
    missing = set(manifest["encryption_keys"]) - set(backup.fingerprints())
    if missing and not without_keys:
        raise RestoreError(
            f"Put the encryption keys with these fingerprints into CHORUS_ENCRYPTION_KEYS: {', '.join(sorted(missing))}. "
            "Or restore with --without-keys: then every channel must be connected again."
        )


def _refuse_unless_empty() -> None:
    filled = [model._meta.label for model in backup.kept_models() if model._base_manager.exists()]
    files = Path(settings.MEDIA_ROOT).exists() and any(Path(settings.MEDIA_ROOT).iterdir())
    if filled or files:
        what = ", ".join(filled[:3]) or "pictures"
        raise RestoreError(
            f"This installation is not empty (it has {what}). Restore into a new database and a new data folder."
        )


def _load(archive: zipfile.ZipFile, expected: dict[str, int]) -> int:
    """All rows. What points to a later row is checked at the transaction's end: our foreign keys are deferred."""
    names = sorted(name for name in archive.namelist() if name.startswith("rows/"))
    counted = {}
    for name in names:
        label = name.partition("-")[2].removesuffix(".jsonl")
        with archive.open(name) as file:
            counted[label] = _load_table(apps.get_model(label), io.TextIOWrapper(file, encoding="utf-8"))
    if counted != expected:
        raise RestoreError("Rows are missing in this backup: it is damaged.")
    _set_sequences()
    return sum(counted.values())


def _load_table(model: type[models.Model], file: io.TextIOWrapper) -> int:
    number = 0
    for rows in _batches(file):
        number += len(rows)
        fields = [field for field in model._meta.local_concrete_fields if not field.generated]
        step = max(1, min(CHUNK, connection.ops.bulk_batch_size(fields, rows)))
        for at in range(0, len(rows), step):
            # As they were: `bulk_create` would put today into the columns that note when a row was made.
            model._base_manager.get_queryset()._insert(  # type: ignore[attr-defined]
                rows[at : at + step], fields=fields, using="default", raw=True
            )
    return number


def _batches(file: io.TextIOWrapper) -> Iterator[list[models.Model]]:
    batch: list[models.Model] = []
    for line in file:
        batch.extend(row.object for row in serializers.deserialize("jsonl", line))
        if len(batch) >= CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def _set_sequences() -> None:
    """The next row of each table gets the next number."""
    statements = connection.ops.sequence_reset_sql(no_style(), backup.kept_models())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _verify() -> None:
    faults = [*log.verify(), *(f"the trigger {name} is missing" for name in log_triggers.missing())]
    if faults:
        raise RestoreError(f"The publish log in this backup does not verify: {faults[0]}")


def _copy_media(archive: zipfile.ZipFile) -> int:
    root = Path(settings.MEDIA_ROOT)
    names = [name for name in archive.namelist() if name.startswith("media/") and not name.endswith("/")]
    try:
        for name in names:
            _copy(archive, name, root)
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)  # it was empty before
        raise
    return len(names)


def _copy(archive: zipfile.ZipFile, name: str, root: Path) -> None:
    place = PurePosixPath(name)
    if ".." in place.parts:
        raise RestoreError(f"{name} points out of the folder: this is no backup of ours.")
    target = root.joinpath(*place.parts[1:])
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy, COPY_BYTES)
