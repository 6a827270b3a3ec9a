"""Makes the secrets of a server as files, for docker-compose.yml: `python3 tools/make_secrets.py [FOLDER]`.

Needs nothing but Python. A file that is there already is never touched: a new encryption key would lock out every
connected channel. The folder is closed to others; the files in it can be read by the container's own user.
"""

import base64
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

MAKERS: Mapping[str, Callable[[], str]] = {
    "secret_key": lambda: secrets.token_urlsafe(64),
    "encryption_keys": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "database_password": lambda: secrets.token_urlsafe(32),
    "metrics_token": lambda: secrets.token_urlsafe(32),
}


def make(folder: Path) -> list[str]:
    """Makes what is missing in `folder`; returns the names of the files that it made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = []
    for name, maker in MAKERS.items():
        path = folder / name
        if not path.exists():
            path.write_text(maker() + "\n")
            path.chmod(0o444)
            made.append(name)
    return made


if __name__ == "__main__":
    place = Path(sys.argv[1] if len(sys.argv) > 1 else "secrets")
    new = make(place)
    sys.stdout.write(f"Made in {place}: {', '.join(new)}.\n" if new else f"Everything is in {place} already.\n")
