"""What may be wrong with a translation, seen beside its source."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from networks.content import Finding

FIELD = re.compile(r"\{[^{}]*\}")
ADDRESS = re.compile(r"https?://\S+")
HASHTAG = re.compile(r"#\w+")
NUMBER = re.compile(
    r"(?<!\d)\d{1,3}(?:[ .,'’\u00a0\u2009\u202f]\d{3})+(?!\d)"  # in groups of three, however a language parts them
    r"|\d+(?:[.,]\d+)?"
)


@dataclass(frozen=True)
class Pair:
    """A source text and its translation, both with their merge fields. `same_language`: both are, say, English."""

    source: str
    text: str
    same_language: bool = False


def check_texts(source: tuple[str, str], text: tuple[str, str], *, same_language: bool = False) -> list[Finding]:
    """The findings over the full and the short text. A short text is looked at only where both have one."""
    findings = check_pair(Pair(source[0], text[0], same_language))
    if source[1].strip() and text[1].strip():
        short = check_pair(Pair(source[1], text[1], same_language))
        findings += [
            Finding(f.severity, f"short-{f.code}", _("Short text: %(finding)s") % {"finding": f.message}) for f in short
        ]
    return findings


def check_variants(
    source: Mapping[str, str], own: Mapping[str, str], names: Mapping[str, str], *, same_language: bool = False
) -> list[Finding]:
    """The findings over the texts of single networks (slug → text; `names`: slug → name), each beside the source's own
    text for that network. Where the source has none, the text is its writer's business."""
    return [
        Finding(
            found.severity,
            f"{slug}-{found.code}",
            _("Own text for %(name)s: %(finding)s") % {"name": names[slug], "finding": found.message},
        )
        for slug, text in own.items()
        if slug in source and slug in names
        for found in check_pair(Pair(source[slug], text, same_language))
    ]


def check_warning(source: str, own: str) -> list[Finding]:
    """A content warning that only the source has."""
    if own or not source:
        return []
    said = _("The source has a content warning, “%(warning)s”, and this text none.") % {"warning": source}
    return [Finding("warning", "warning-missing", said)]


def check_pair(pair: Pair) -> list[Finding]:
    """Everything found in one text; an empty one has only this fault."""
    return empty(pair) or [finding for check in CHECKS for finding in check(pair)]


def empty(pair: Pair) -> list[Finding]:
    """A text without any words."""
    return [] if pair.text.strip() else [Finding("error", "empty", _("There is no text yet."))]


def fields_lost(pair: Pair) -> list[Finding]:
    """Merge fields that the source has and the text has not."""
    there = set(FIELD.findall(pair.text))
    lost = [field for field in dict.fromkeys(FIELD.findall(pair.source)) if field not in there]
    return [Finding("error", "field-lost", _lost(field)) for field in lost]


def numbers_differ(pair: Pair) -> list[Finding]:
    """Numbers that only one side has. How their digits are parted does not matter, nor how often they stand there."""
    source, text = _numbers(pair.source), _numbers(pair.text)
    lost = [shown for digits, shown in source.items() if digits not in text]
    added = [shown for digits, shown in text.items() if digits not in source]
    sides = ((lost, _("%(numbers)s only in the source")), (added, _("%(numbers)s only here")))
    said = "; ".join(words % {"numbers": ", ".join(numbers)} for numbers, words in sides if numbers)
    return [Finding("warning", "numbers-differ", _("The numbers differ: %(which)s.") % {"which": said})] if said else []


def _lost(what: str) -> str:
    return _("The source has %(what)s, and this text does not.") % {"what": what}


def _numbers(text: str) -> dict[str, str]:
    """Digits alone → the number as it is written."""
    bare = HASHTAG.sub(" ", ADDRESS.sub(" ", FIELD.sub(" ", text)))
    return {re.sub(r"\D", "", number): number for number in NUMBER.findall(bare)}


def same_as_source(pair: Pair) -> list[Finding]:
    """A text that nobody has translated yet."""
    if pair.same_language or pair.source.split() != pair.text.split():
        return []
    return [Finding("warning", "same-as-source", _("This is word for word the source."))]


def hashtags_lost(pair: Pair) -> list[Finding]:
    """Hashtags that the source writes out and the text does not, in any case of letters."""
    there = {hashtag.casefold() for hashtag in HASHTAG.findall(pair.text)}
    lost = [hashtag for hashtag in dict.fromkeys(HASHTAG.findall(pair.source)) if hashtag.casefold() not in there]
    if not lost:
        return []
    return [Finding("warning", "hashtags-lost", _lost(", ".join(lost)))]


CHECKS: tuple[Callable[[Pair], list[Finding]], ...] = (fields_lost, numbers_differ, same_as_source, hashtags_lost)
