"""Where links, hashtags and mentions stand in a text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import regex

LATIN = "a-z0-9À-ÖØ-öø-ɏḀ-ỿ"
"""Letters and digits that X takes in a domain without `https://` (twitter-text 3.1, read 2026-11-24)."""


@dataclass(frozen=True)
class Span:
    """A stretch of a text: `text[start:end]`, as Python counts."""

    start: int
    end: int
    text: str


def _link_pattern(letters: str) -> regex.Pattern[str]:
    """Finds what may be a link; `letters` are those that a path may hold. Whether the domain exists is asked later."""
    middle = rf"[{letters}!*';:=+,.$/%#\[\]\-–_~@|&]"
    brackets = rf"\({middle}*(?:\({middle}+\){middle}*)?\)"
    path = rf"/(?:(?:{middle}|{brackets})*(?:[{letters}=+\-_#/]|{brackets}))?"
    query = r"\?(?:[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])"
    return regex.compile(
        rf"""(?<![a-z0-9@＠$#＃])(?:
            https?://(?P<host>[\w-]++(?:\.[\w-]++)++)(?::[0-9]+)?(?:{path})?(?:{query})?
            |(?<![-_./])(?P<bare>[{LATIN}][{LATIN}-]*+(?:\.[{LATIN}][{LATIN}-]*+)++)(?P<path>{path}(?:{query})?)?
        )""".replace("#", r"\#"),
        regex.IGNORECASE | regex.VERBOSE,
    )


LINK = _link_pattern(r"\w")
X_LINK = _link_pattern(f"{LATIN}Ѐ-ӿ")
"""X ends a link where its path leaves Latin and Cyrillic (twitter-text 3.1)."""

HASHTAG = regex.compile(r"(?<![\p{L}\p{M}\p{N}_&/])[#＃][\p{L}\p{M}\p{N}_\u200c]*\p{L}[\p{L}\p{M}\p{N}_\u200c]*")
MENTION = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}_@＠./=])[@＠][\p{L}\p{M}\p{N}_]++(?:[.-][\p{L}\p{M}\p{N}_]++)*+(?:@[\w-]++(?:\.[\w-]++)++)?"
)


def find_links(text: str) -> list[Span]:
    """Links in order: with `https://`, and bare domains (`victim-support.eu/help`); an e-mail address is none."""
    return list(_links(text, LINK))


def find_x_links(text: str) -> list[Span]:
    """Links in order, as X sees them: it is stricter about the letters of a path."""
    return list(_links(text, X_LINK))


def find_hashtags(text: str) -> list[Span]:
    """Hashtags in order, with their sign. One letter at least: `#116006` is none anywhere."""
    return _outside_links(text, HASHTAG, "#＃")


def find_mentions(text: str) -> list[Span]:
    """Handles in order, with their sign: `@EU_Commission`, `@ec.europa.eu`, `@user@mastodon.example`."""
    return _outside_links(text, MENTION, "@＠")


def _outside_links(text: str, pattern: regex.Pattern[str], signs: str) -> list[Span]:
    if not any(sign in text for sign in signs):
        return []
    links = find_links(text)
    found = (Span(match.start(), match.end(), match[0]) for match in pattern.finditer(text))
    return [span for span in found if not any(link.start <= span.start < link.end for link in links)]


def _links(text: str, pattern: regex.Pattern[str]) -> Iterator[Span]:
    if "." not in text:
        return
    for match in pattern.finditer(text):
        end = _full_end(match) if match["host"] else _bare_end(match)
        if end:
            yield Span(match.start(), end, text[match.start() : end])


def _full_end(match: regex.Match[str]) -> int | None:
    """Where a link with `https://` ends, or None if its domain cannot exist."""
    end: int = match.end()
    return end if is_top_level(match["host"].rpartition(".")[2]) else None


def _bare_end(match: regex.Match[str]) -> int | None:
    """Where a bare domain ends, or None if there is none: «victim-support.eu.Weiter» ends after `.eu`."""
    first, *labels = match["bare"].split(".")
    at = match.start() + len(first)
    end = None
    for label in labels:
        at += 1 + len(label)
        if label.isascii() and is_top_level(label) and match.string[at : at + 1] not in ("@", "+"):
            end = at
    whole = at == end
    return int(match.end()) if whole else end


def is_top_level(label: str) -> bool:
    """Whether `label` is a top-level domain, in its own letters or in ASCII (`ευ`, `xn--qxa6a`)."""
    return label.lower() in top_level_domains() or _ascii(label) in top_level_domains()


def _ascii(label: str) -> str:
    try:
        return label.lower().encode("idna").decode()
    except UnicodeError:
        return ""


@cache
def top_level_domains() -> frozenset[str]:
    """IANA's list as it stood when the file beside this module was written."""
    lines = Path(__file__).with_name("top_level_domains.txt").read_text(encoding="ascii").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())
