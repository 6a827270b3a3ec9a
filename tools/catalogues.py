"""Compiles the catalogues in locale/ (django.po) into what Django reads (django.mo).

Run by `make`, with Babel, which Chorus has anyway: a newcomer's machine has no gettext, and a compiled file in the
repository would be a second truth that nobody can review. Does nothing to a catalogue that has not changed.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def catalogues(folder: Path) -> list[Path]:
    """The catalogues in a folder, one a language."""
    return sorted(folder.glob("*/LC_MESSAGES/django.po"))


def compile_one(source: Path) -> Path:
    """Writes the compiled catalogue beside its source and returns it. Raises PoFileError where it cannot be read."""
    target = source.with_suffix(".mo")
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
    beside = target.with_suffix(".mo.new")
    with beside.open("wb") as file:
        write_mo(file, catalogue)
    beside.replace(target)
    return target


def is_stale(source: Path) -> bool:
    """Whether the compiled catalogue is missing or older than its source."""
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def compile_all(folder: Path = LOCALE) -> list[Path]:
    """Compiles what has changed; returns what was written."""
    return [compile_one(source) for source in catalogues(folder) if is_stale(source)]


def main() -> int:
    """Brings all catalogues up to date; returns the exit code."""
    try:
        compile_all()
    except (PoFileError, OSError) as error:
        sys.stderr.write(f"A catalogue in locale/ could not be compiled: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
