"""Tables of a TOML file, read strictly: what is missing, surplus or of the wrong kind is named with file and line."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class SampleError(ValueError):
    """A file of a sample campaign cannot be used. The message names the file, the line, and what is wrong."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}, line {line}: {problem}")


@dataclass
class Record:
    """A table and the line on which it begins. Each `take_…` removes a key; `finish` refuses what is left over."""

    file: str
    line: int
    values: dict[str, object]
    taken: set[str] = field(default_factory=set)

    def error(self, problem: str) -> SampleError:
        """An error that points at this table."""
        return SampleError(self.file, self.line, problem)

    def has(self, key: str) -> bool:
        """Whether the table has this key."""
        return key in self.values

    def take(self, key: str, kind: type[T], called: str) -> T:
        """The value of `key`. Raises SampleError if it is missing or not a `kind` (`called` says it in words)."""
        if key not in self.values:
            raise self.error(f"“{key}” is missing.")
        value = self.values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(f"“{key}” must be {called}.")
        self.taken.add(key)
        return value

    def take_text(self, key: str, *, empty: bool = False) -> str:
        """A text; only with `empty` may it be empty."""
        text = self.take(key, str, "a text in quotes")
        if not text.strip() and not empty:
            raise self.error(f"“{key}” is empty.")
        return text

    def take_one_of(self, key: str, allowed: Collection[str]) -> str:
        """A text out of `allowed`."""
        text = self.take_text(key)
        if text not in allowed:
            raise self.error(f"“{key}” is “{text}”, but must be one of: {', '.join(allowed)}.")
        return text

    def take_number(self, key: str) -> int:
        """A whole number."""
        return self.take(key, int, "a whole number")

    def take_flag(self, key: str) -> bool:
        """True or false."""
        return self.take(key, bool, "true or false")

    def take_texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.take(key, list, "a list of texts")
        texts = tuple(value for value in values if isinstance(value, str) and value.strip())
        if len(texts) != len(values):
            raise self.error(f"“{key}” must hold texts only, none of them empty.")
        return texts

    def take_record(self, key: str) -> "Record":
        """A table within this one."""
        return Record(self.file, self.line, self.take(key, dict, "a table"))

    def take_records(self, key: str) -> list["Record"]:
        """A list of tables within this one."""
        values = self.take(key, list, "a list of tables")
        if not all(isinstance(value, dict) for value in values):
            raise self.error(f"“{key}” must hold tables only.")
        return [Record(self.file, self.line, value) for value in values]

    def finish(self) -> None:
        """Raises SampleError if a key was not taken: most often it is a slip of the pen."""
        surplus = sorted(set(self.values) - self.taken)
        if surplus:
            raise self.error(f"“{surplus[0]}” is not known here.")


def read_table(path: Path) -> Record:
    """The whole file as one table."""
    return Record(path.name, 1, _parse(path, read_text(path)))


def read_tables(path: Path, name: str) -> list[Record]:
    """Each `[[name]]` of the file, in order, with the line of its heading. Raises SampleError if there is none."""
    text = read_text(path)
    whole = Record(path.name, 1, _parse(path, text))
    tables = whole.take(name, list, f"written as [[{name}]]")
    whole.finish()
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.split("#")[0].strip() == f"[[{name}]]"]
    if len(lines) != len(tables):
        raise whole.error(f"every entry must begin with a line [[{name}]].")
    return [Record(path.name, line, table) for line, table in zip(lines, tables, strict=True)]


def read_text(path: Path) -> str:
    """The file's text. Raises SampleError where it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SampleError(path.name, 1, f"there is no such file in {path.parent.name}/.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SampleError(path.name, line, "this is not UTF-8.") from error


def _parse(path: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SampleError(path.name, _line_of(error, text), f"not TOML: {error}.") from error


def _line_of(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line tomllib speaks of: it says «at line 3, column 1» or «at end of document» (Python 3.11 to 3.13)."""
    words = str(error).replace(",", " ").split()
    return int(words[words.index("line") + 1]) if "line" in words else text.count("\n") + 1
