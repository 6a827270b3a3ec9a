"""LinkedIn's little text format: how a text with mentions travels, and what a text that came back says.

From LinkedIn's docs, Posts API, «Little Text Format», read 2026-11-23. A post ends without a word at the first reserved
character that lacks its backslash.
"""

import re
from collections.abc import Sequence

from networks.content import Mention
from networks.text import LINKEDIN_RESERVED, linkedin_escape

_ELEMENT = re.compile(
    r"@\[(?P<name>(?:[^\]\\]|\\.)*)\]\((?P<urn>urn:li:[^)]+)\)"  # a mention
    r"|\{hashtag\|(?:\\)?#\|(?P<tag>[^}]*)\}"  # a hashtag, as LinkedIn may give it back
    r"|\\(?P<sign>.)",
    re.DOTALL,
)
_URN = re.compile(r"urn:li:(?:organization|person):[A-Za-z0-9_-]+")


def little(text: str, mentions: Sequence[Mention] = ()) -> str:
    """The text as it travels. A mention whose URN we know becomes an element; its name must be the page's present
    name, or LinkedIn shows it as plain text (UNVERIFIED). The others are plain text."""
    known = {one.handle: one.remote_id for one in mentions if _URN.fullmatch(one.remote_id) and one.handle.strip("@")}
    if not known:
        return linkedin_escape(text)
    longest_first = "|".join(re.escape(handle) for handle in sorted(known, key=len, reverse=True))
    parts, at = [], 0
    for match in re.finditer(rf"(?<!\w)(?:{longest_first})(?!\w)", text):
        name = LINKEDIN_RESERVED.sub(r"\\\g<0>", match[0].removeprefix("@"))
        parts += [linkedin_escape(text[at : match.start()]), f"@[{name}]({known[match[0]]})"]
        at = match.end()
    return "".join([*parts, linkedin_escape(text[at:])])


def plain(commentary: str) -> str:
    """What a text in this format says to a reader."""

    def said(match: re.Match[str]) -> str:
        if match["urn"]:
            return "@" + re.sub(r"\\(.)", r"\1", match["name"])
        return f"#{match['tag']}" if match["tag"] is not None else match["sign"]

    return _ELEMENT.sub(said, commentary)
