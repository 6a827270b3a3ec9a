"""Credentials at rest: encrypted with rotating keys from outside the database."""

import json
from collections.abc import Mapping
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnreadableCredentialsError(Exception):
    """The stored credentials were encrypted with a key that is not among CHORUS_ENCRYPTION_KEYS."""


def _keys() -> MultiFernet:
    return _made_of(tuple(settings.ENCRYPTION_KEYS))


@cache
def _made_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(credentials: Mapping[str, str]) -> str:
    """The credentials as text, encrypted with the first key."""
    return _keys().encrypt(json.dumps(dict(credentials)).encode()).decode()


def decrypt(token: str) -> dict[str, str]:
    """The credentials again, by whichever key fits. Raises UnreadableCredentialsError."""
    if not token:
        return {}
    try:
        credentials: dict[str, str] = json.loads(_keys().decrypt(token.encode()))
    except InvalidToken as error:
        raise UnreadableCredentialsError(
            "Put the key they were encrypted with back into CHORUS_ENCRYPTION_KEYS."
        ) from error
    return credentials


def rotated(token: str) -> str:
    """The same, encrypted with the first key; raises UnreadableCredentialsError."""
    try:
        return _keys().rotate(token.encode()).decode()
    except InvalidToken as error:
        raise UnreadableCredentialsError(
            "Put the key they were encrypted with back into CHORUS_ENCRYPTION_KEYS."
        ) from error


def is_newest(token: str) -> bool:
    """Whether a token is encrypted with the first key already."""
    try:
        Fernet(settings.ENCRYPTION_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True
