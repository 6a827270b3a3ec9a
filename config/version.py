"""Which version of Chorus this is."""

import tomllib
from pathlib import Path


def version(root: Path) -> str:
    """What pyproject.toml says; the project is not installed as a package, so nothing else knows."""
    with (root / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
