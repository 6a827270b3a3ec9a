"""The text files of a sample campaign: one per post and language (the format is in the sample's README)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from campaign.services.merge import FIELD, links_in
from campaign.services.sample_records import SampleError, read_text

FILE_NAME = re.compile(r"(?P<number>[1-9]\d*)\.(?P<language>[a-z]{2,3}(?:-[A-Z]{2})?)(?:\.r(?P<earlier>[1-9]\d*))?\.md")
SHORT = "--- short ---"
STATES = MappingProxyType({"draft": "draft", "in review": "in_review", "approved": "approved"})
"""How a file says a translation's state → the state's code."""


@dataclass(frozen=True)
class SampleText:
    """A post's words in one language (BCP 47), merge fields unfilled. `alt` describes the picture."""

    language: str
    title: str
    alt: str
    full: str
    short: str


@dataclass(frozen=True)
class SampleSource(SampleText):
    """The words in the source language. `revision` counts from 1."""

    revision: int


@dataclass(frozen=True)
class SampleTranslation(SampleText):
    """`state` is draft, in_review or approved; `source_revision` the revision of the source it was made from."""

    state: str
    source_revision: int


@dataclass(frozen=True)
class SamplePost:
    """A numbered post. `earlier` holds older revisions of the source, oldest first; a language without a translation
    is missing in `translations`."""

    number: int
    picture: Path
    source: SampleSource
    earlier: tuple[SampleSource, ...]
    translations: Mapping[str, SampleTranslation]

    def is_stale(self, language: str) -> bool:
        """Whether the translation was made from an older source. Raises KeyError if there is none."""
        return self.translations[language].source_revision < self.source.revision


def read_posts(folder: Path, source_language: str, links: Collection[str]) -> tuple[SamplePost, ...]:
    """The posts in `folder`/posts, in order. `links` are the slugs that texts may name. Raises SampleError."""
    files = sorted((folder / "posts").glob("*.md"))
    by_number: dict[int, list[_File]] = {}
    for path in files:
        file = _read(path, links)
        by_number.setdefault(file.number, []).append(file)
    if sorted(by_number) != list(range(1, len(by_number) + 1)) or not by_number:
        raise SampleError("posts/", 1, "the posts must be numbered 1, 2, 3 and so on, without a gap.")
    return tuple(_post(folder, number, by_number[number], source_language) for number in sorted(by_number))


@dataclass
class _File:
    """A file as it stands, before anybody asks whether it is a source or a translation."""

    name: str
    number: int
    language: str
    earlier: int | None
    header: dict[str, str]
    full: str
    short: str

    def take(self, key: str) -> str:
        """A header line's value, removed. Raises SampleError if the line is missing or empty."""
        value = self.header.pop(key, "")
        if not value:
            raise SampleError(self.name, 1, f"the header lacks “{key}:”.")
        return value

    def take_number(self, key: str) -> int:
        """A revision, from 1."""
        value = self.take(key)
        if not re.fullmatch(r"[1-9]\d*", value):
            raise SampleError(self.name, 1, f"“{key}:” must be a whole number from 1, not “{value}”.")
        return int(value)

    def finish(self) -> None:
        """Raises SampleError if a header line was not taken."""
        for key in self.header:
            raise SampleError(self.name, 1, f"“{key}:” has no place in this file's header.")


def _post(folder: Path, number: int, files: list[_File], source_language: str) -> SamplePost:
    pictures: list[str] = []
    sources = sorted((_source(f, pictures) for f in files if f.language == source_language), key=lambda s: s.revision)
    if not sources or [source.revision for source in sources] != list(range(1, len(sources) + 1)):
        raise SampleError(
            f"{number}.{source_language}.md", 1, "each revision of the source from 1 on needs a file of its own."
        )
    current, name = sources[-1], f"{number}.{source_language}.md"
    picture = folder / "pictures" / pictures[0]
    if not picture.is_file() or len(set(pictures)) > 1:
        raise SampleError(name, 1, f"“picture:” must name one file in pictures/, not “{', '.join(pictures)}”.")
    translations = {f.language: _translation(f, current) for f in files if f.language != source_language}
    return SamplePost(number, picture, current, tuple(sources[:-1]), MappingProxyType(translations))


def _source(file: _File, pictures: list[str]) -> SampleSource:
    revision = file.take_number("revision")
    if file.earlier is not None and file.earlier != revision:
        raise SampleError(file.name, 1, f"the file name says revision {file.earlier}, the header {revision}.")
    pictures.append(file.take("picture"))
    source = SampleSource(**_words(file), revision=revision)
    file.finish()
    return source


def _translation(file: _File, source: SampleSource) -> SampleTranslation:
    state, revision = file.take("state"), file.take_number("source_revision")
    if state not in STATES:
        raise SampleError(file.name, 1, f"“state:” is “{state}”, but must be one of: {', '.join(STATES)}.")
    if file.earlier is not None or revision > source.revision:
        raise SampleError(file.name, 1, f"the source has {source.revision} revisions, and translations have none.")
    translation = SampleTranslation(**_words(file), state=STATES[state], source_revision=revision)
    file.finish()
    return translation


def _words(file: _File) -> dict[str, str]:
    return {
        "language": file.language,
        "title": file.take("title"),
        "alt": file.take("alt"),
        "full": file.full,
        "short": file.short,
    }


def _read(path: Path, links: Collection[str]) -> _File:
    match = FILE_NAME.fullmatch(path.name)
    if match is None:
        raise SampleError(path.name, 1, "a file in posts/ is called like 3.fr.md, or 3.en.r1.md for an older source.")
    lines = read_text(path).splitlines()
    start = lines.index("") if "" in lines else len(lines)
    _check_fields(path.name, lines, start, links)
    full, short = _parts(path.name, lines, start)
    return _File(
        name=path.name,
        number=int(match["number"]),
        language=match["language"],
        earlier=int(match["earlier"]) if match["earlier"] else None,
        header=_header(path.name, lines[:start]),
        full=full,
        short=short,
    )


def _header(name: str, lines: list[str]) -> dict[str, str]:
    header: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        key, colon, value = line.partition(": ")
        if not colon or not re.fullmatch(r"[a-z_]+", key) or key in header:
            raise SampleError(name, number, "a header line reads “name: value”, each name once.")
        header[key] = value.strip()
    return header


def _parts(name: str, lines: list[str], start: int) -> tuple[str, str]:
    """The full and the short text."""
    marks = [number for number, line in enumerate(lines) if line == SHORT]
    if len(marks) != 1:
        raise SampleError(name, len(lines), f"exactly one line “{SHORT}” must stand between the two texts.")
    full, short = ("\n".join(part).strip("\n") for part in (lines[start : marks[0]], lines[marks[0] + 1 :]))
    if not full or not short:
        raise SampleError(name, marks[0] + 1, f"there must be a text before and after “{SHORT}”.")
    return full, short


def _check_fields(name: str, lines: list[str], start: int, links: Collection[str]) -> None:
    """Raises SampleError at a merge field that is misspelt or names a link that the campaign does not have."""
    for number, line in enumerate(lines[start:], start + 1):
        if re.search(r"[{}]", FIELD.sub("", line)):
            raise SampleError(name, number, "only {link:slug}, {targets} and {hashtags} may stand in braces.")
        unknown = [slug for slug in links_in(line) if slug not in links]
        if unknown:
            raise SampleError(name, number, f"links.toml has no link “{unknown[0]}”.")
