"""Cuts a long text into the parts of a thread, where a person would."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import regex

GAP = regex.compile(r"[^\S\u00A0\u2007\u202F]+")
"""White space where a text may be cut: any but the no-break spaces."""

NUMBER_BEFORE = regex.compile(r"[+(\[«“\"'#]*[\d()/.,-]*\d[)/-]*")
NUMBER_AFTER = regex.compile(r"\(?\d[\d()/-]*[)\].,;:!?…»”\"']*")
CLOSING = regex.compile(r"[!?:;»”)\]%€…]+")
OPENING = regex.compile(r"[«“(\[]+")

SENTENCE_END = regex.compile(r"(?<!\b\p{L}\.?)[.!?…。]+[)\]»”\"'’]*$|^[!?…]+$")
CLAUSE_END = regex.compile(r"[,;:)—–]$|^[—–-]$")

AFTER_PARAGRAPH, AFTER_LINE, AFTER_SENTENCE, AFTER_CLAUSE, AFTER_WORD = 0.0, 1.0, 2.0, 6.0, 12.0
"""How bad a cut is, by the place where it falls."""

PER_PART = 6.0
"""What one part more costs, so that good places do not make a thread of crumbs."""

EMPTINESS = 10.0
"""What a part without any text would cost; one that is as full as it can be costs nothing."""

MOST_TOGETHER = 8
"""Words that are kept together at most: no telephone number has more groups."""

LONELY = 60.0
"""What a part of a single word costs on top."""


@dataclass(frozen=True)
class Piece:
    """A word, or words that must stay together; `cost` says how bad a cut after it is."""

    start: int
    end: int
    words: int
    cost: float


def split_text(text: str, fits: Callable[[str], bool]) -> list[str]:
    """The parts of a thread, in order; a text that fits comes back as it is, alone.

    Parts end at a paragraph where they can, else at a sentence, a clause, a word, and are of about equal size. Words,
    links, hashtags, mentions, no-break spaces and numbers in groups (116 006) stay whole; the white space between two
    parts goes, all else stays as it was. `fits` must be true of each beginning of a text of which it is true. Raises
    ValueError if one word alone does not fit.
    """
    if fits(text):
        return [text]
    pieces = _pieces(text, fits)
    if not pieces:
        return [""]
    reach: list[int] = []
    for first in range(len(pieces)):
        reach.append(_reach(text, pieces, first, fits, reach[-1] if reach else first))
    ends = _best_ends(pieces, reach)
    return [text[pieces[first].start : pieces[last].end] for first, last in ends]


def _pieces(text: str, fits: Callable[[str], bool]) -> list[Piece]:
    """What must not be cut, in order; words that are kept together only where they fit together."""
    words = _words(text)
    pieces: list[Piece] = []
    at = 0
    while at < len(words):
        last = _last_together(text, words, at)
        if last > at and not fits(text[words[at][0] : words[last][1]]):
            last = at
        start, end = words[at][0], words[last][1]
        if not fits(text[start:end]):
            raise ValueError(f"One word alone is longer than a part of a thread may be: {text[start:end][:40]}")
        pieces.append(Piece(start, end, last - at + 1, _cost(text, words, last)))
        at = last + 1
    return pieces


def _words(text: str) -> list[tuple[int, int]]:
    starts = [0, *(gap.end() for gap in GAP.finditer(text))]
    ends = [*(gap.start() for gap in GAP.finditer(text)), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _last_together(text: str, words: Sequence[tuple[int, int]], at: int) -> int:
    """The last of the words that stay with the word at `at`: the groups of a number, a mark set off by a space."""
    last = at
    while last + 1 < min(len(words), at + MOST_TOGETHER) and _together(text, words[last], words[last + 1]):
        last += 1
    return last


def _together(text: str, left: tuple[int, int], right: tuple[int, int]) -> bool:
    if "\n" in text[left[1] : right[0]]:
        return False
    before, after = text[slice(*left)], text[slice(*right)]
    if NUMBER_BEFORE.fullmatch(before) and NUMBER_AFTER.fullmatch(after):
        return True
    return bool(CLOSING.fullmatch(after) or OPENING.fullmatch(before))


def _cost(text: str, words: Sequence[tuple[int, int]], last: int) -> float:
    """How bad a cut is after the word at `last`."""
    if last + 1 == len(words):
        return AFTER_PARAGRAPH
    gap = text[words[last][1] : words[last + 1][0]]
    if "\n" in gap:
        return AFTER_PARAGRAPH if gap.count("\n") > 1 else AFTER_LINE
    word, following = text[slice(*words[last])], text[words[last + 1][0]]
    if SENTENCE_END.search(word) and not following.islower():
        return AFTER_SENTENCE
    return AFTER_CLAUSE if CLAUSE_END.search(word) else AFTER_WORD


def _reach(text: str, pieces: Sequence[Piece], first: int, fits: Callable[[str], bool], guess: int) -> int:
    """The last piece that fits into one part with the piece at `first`: doubling steps, then halving ones. They begin
    at `guess`, how far the piece before reached: measuring is what a long thread costs."""
    near = guess > first and fits(text[pieces[first].start : pieces[guess].end])
    good, step = (guess if near else first), 1
    while good + step < len(pieces) and fits(text[pieces[first].start : pieces[good + step].end]):
        good += step
        step *= 2
    bad = min(good + step, len(pieces))
    while bad - good > 1:
        middle = (good + bad) // 2
        if fits(text[pieces[first].start : pieces[middle].end]):
            good = middle
        else:
            bad = middle
    return good


def _best_ends(pieces: Sequence[Piece], reach: Sequence[int]) -> list[tuple[int, int]]:
    """First and last piece of each part, so that the sum of all costs is the least."""
    room = max(pieces[last].end - pieces[first].start for first, last in enumerate(reach))
    costs = [0.0] * (len(pieces) + 1)
    choice = [0] * len(pieces)
    for first in reversed(range(len(pieces))):
        options = (
            (_part_cost(pieces, first, last, room) + costs[last + 1], last) for last in range(first, reach[first] + 1)
        )
        costs[first], choice[first] = min(options, key=lambda option: (option[0], -option[1]))
    return _follow(choice)


def _part_cost(pieces: Sequence[Piece], first: int, last: int, room: int) -> float:
    share = (pieces[last].end - pieces[first].start) / room
    lonely = LONELY if first == last and pieces[first].words == 1 else 0.0
    return PER_PART + pieces[last].cost + EMPTINESS * (1 - share) ** 2 + lonely


def _follow(choice: Sequence[int]) -> list[tuple[int, int]]:
    parts, first = [], 0
    while first < len(choice):
        parts.append((first, choice[first]))
        first = choice[first] + 1
    return parts
