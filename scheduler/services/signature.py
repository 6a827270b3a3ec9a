"""Texts that say almost the same: made plain, cut into shingles, and signed so that alike ones share a key.

MinHash with banding (A. Broder, On the resemblance and containment of documents, 1997). With 25 bands of 4 rows two
texts that share 70 % of their shingles share a key with a probability of 99.9 %, two that share 20 % with 4 %; what
shares a key is then compared exactly.
"""

import unicodedata
from hashlib import blake2b

import regex

from networks.spans import find_mentions, find_x_links

BANDS, ROWS = 25, 4
SHINGLE = 5
"""Characters of a shingle: short enough for languages that decline their words, long enough to mean something."""

ALIKE = 0.7
"""From this share of common shingles on, two texts say almost the same. It is reached with one word of another choice
in a post of 75 characters and with three in one of 170; X names no number, so this errs on the careful side."""

_NOT_WORDS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_MASKS = [
    int.from_bytes(blake2b(f"chorus {number}".encode(), digest_size=8).digest()) for number in range(BANDS * ROWS)
]


def plain_words(text: str) -> str:
    """The words of a text in small letters, without links, mentions, signs and emoji."""
    for span in sorted((*find_x_links(text), *find_mentions(text)), key=lambda span: -span.start):
        text = f"{text[: span.start]} {text[span.end :]}"
    return str(_NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold())).strip()


def shingles(words: str) -> frozenset[str]:
    """Every stretch of SHINGLE characters of plain words; of shorter words, themselves."""
    return (
        frozenset(words[at : at + SHINGLE] for at in range(max(1, len(words) - SHINGLE + 1))) if words else frozenset()
    )


def likeness(one: str, other: str) -> float:
    """The share of common shingles of two plain texts, 0 to 1 (Jaccard)."""
    first, second = shingles(one), shingles(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def band_keys(words: str, language: str) -> list[int]:
    """The keys of a plain text, one a band (signed, 64 bits); none for an empty one. Languages never share a key."""
    hashes = [int.from_bytes(blake2b(one.encode(), digest_size=8).digest()) for one in shingles(words)]
    if not hashes:
        return []
    least = [min(map(mask.__xor__, hashes)) for mask in _MASKS]
    main = language.partition("-")[0].lower()
    return [_key(f"{main} {band} {least[band * ROWS : (band + 1) * ROWS]}") for band in range(BANDS)]


def _key(told: str) -> int:
    return int.from_bytes(blake2b(told.encode(), digest_size=8).digest(), signed=True)
