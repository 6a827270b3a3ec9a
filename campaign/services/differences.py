"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "gone", "new"]


def difference(old: str, new: str) -> list[tuple[Kind, str]]:
    """The way from `old` to `new` in pieces of whole words, each the same in both, gone, or new."""
    before, after = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    pieces: list[tuple[Kind, str]] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(before[start:end])))
            continue
        changed: list[tuple[Kind, str]] = [
            ("gone", "".join(before[start:end])),
            ("new", "".join(after[new_start:new_end])),
        ]
        pieces += [piece for piece in changed if piece[1]]
    return pieces
