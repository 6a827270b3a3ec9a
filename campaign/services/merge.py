"""Merge fields: `{link:statement}`, `{targets}`, `{hashtags}` become what they stand for on one network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

FIELD = re.compile(r"\{(link:(?P<link>[a-z0-9-]+)|targets|hashtags)\}")

STAND_IN_LENGTH = 80
"""A link that is still empty counts with this many characters (networks that shorten links count their own number)."""


@dataclass(frozen=True)
class MergeValues:
    """What the fields stand for: link slug → address (empty if not known yet), and what
    the other two are made of, as it is written on the network."""

    links: Mapping[str, str]
    targets: tuple[str, ...]
    hashtags: tuple[str, ...]


class UnknownFieldError(ValueError):
    """A text names a link that the campaign does not have."""


STAND_IN = "https://link-not-out-yet.example.org/"
"""A host that nobody can have, under a real top-level domain, so that networks that shorten links count it as one."""


def has_stand_in(text: str) -> bool:
    """Whether a merged text still waits for a link; such a text is never sent."""
    return STAND_IN in text


def stand_in(slug: str) -> str:
    """An address that stands for an empty link while lengths are counted; it is never sent."""
    return f"{STAND_IN}{slug}".ljust(STAND_IN_LENGTH, "-")


def links_in(text: str) -> list[str]:
    """The slugs of the links a text names, in order, each once."""
    return list(dict.fromkeys(m["link"] for m in FIELD.finditer(text) if m["link"]))


def fields_in(text: str) -> list[str]:
    """The merge fields of a text, in order, each once, as they are written."""
    return list(dict.fromkeys(m[0] for m in FIELD.finditer(text)))


def merge(text: str, values: MergeValues) -> str:
    """The text with its fields filled in. Raises UnknownFieldError. Where a field is empty no gap is left behind."""

    def fill(match: re.Match[str]) -> str:
        slug = match["link"]
        if slug is None:
            return " ".join(values.targets if match[1] == "targets" else values.hashtags)
        if slug not in values.links:
            raise UnknownFieldError(f"This campaign has no link called “{slug}”.")
        return values.links[slug] or stand_in(slug)

    return _without_gaps(FIELD.sub(fill, text))


def _without_gaps(text: str) -> str:
    lines = [re.sub(r"[ \t]{2,}", " ", line).strip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
