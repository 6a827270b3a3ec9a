"""Where settings come from: the environment, or for secrets a file that NAME_FILE points to."""

import base64
import binascii
import os

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class _Files(FileAwareMapping):  # type: ignore[misc]  # django-environ ships no types
    """Reads NAME_FILE where it is set. The line's end that an editor leaves behind is no part of a secret."""

    def __getitem__(self, key: str) -> str:
        """The variable, or the content of its file. Raises ImproperlyConfigured for a file that cannot be read."""
        try:
            return str(super().__getitem__(key)).strip()
        except OSError as error:
            name = os.environ.get(f"{key}_FILE", "")
            raise ImproperlyConfigured(f"{key}_FILE names {name}, which cannot be read: {error.strerror}.") from error


class Environment(environ.Env):  # type: ignore[misc]  # as above
    """The environment with files for secrets; each of our settings is read through one of these."""

    ENVIRON = _Files(cache=False)


def fernet_keys(value: str) -> list[str]:
    """The keys of a comma-separated list. Raises ImproperlyConfigured for one that is no Fernet key."""
    keys = [key.strip() for key in value.split(",") if key.strip()]
    if not keys or not all(map(_is_fernet_key, keys)):
        raise ImproperlyConfigured(
            "Set CHORUS_ENCRYPTION_KEYS to one or more keys of 32 random bytes in URL-safe base64, with commas "
            "between them: tools/make_secrets.py makes one."
        )
    return keys


def _is_fernet_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except (binascii.Error, ValueError):
        return False


def listed(value: str) -> list[str]:
    """The parts of a comma-separated list, without blanks."""
    return [part.strip() for part in value.split(",") if part.strip()]
