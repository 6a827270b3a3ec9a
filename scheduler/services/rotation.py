"""Rotating keys: every encrypted column, encrypted anew with the newest key."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models

from accounts.crypto import UnreadableCredentialsError, is_newest, rotated
from scheduler.models import AppKey, Channel, PendingConnection

COLUMNS: tuple[tuple[type[models.Model], str], ...] = (
    (Channel, "credentials"),
    (AppKey, "credentials"),
    (PendingConnection, "kept"),
    (PendingConnection, "grants"),
)
"""Every column that accounts/crypto.py writes; a test compares this with the models."""


@dataclass
class Done:
    """How many were encrypted anew, how many had the newest key already, and what no key can read."""

    changed: int = 0
    newest: int = 0
    unreadable: list[str] = field(default_factory=list)


def rotate_keys() -> Done:
    """Encrypts everything with the first key. May run while Chorus works: a credential that was renewed meanwhile is
    left as it is, and has the first key already."""
    done = Done()
    for model, column in COLUMNS:
        rows: Any = model._default_manager.exclude(**{column: ""})
        for pk, token in rows.values_list("pk", column).iterator():
            _rotate(rows, pk, column, token, done)
    return done


def _rotate(rows: Any, pk: int, column: str, token: str, done: Done) -> None:  # noqa: ANN401 - a queryset of any model
    if is_newest(token):
        done.newest += 1
        return
    try:
        new = rotated(token)
    except UnreadableCredentialsError:
        done.unreadable.append(f"{rows.model.__name__} {pk}")
        return
    done.changed += rows.filter(pk=pk, **{column: token}).update(**{column: new})
