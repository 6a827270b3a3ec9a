"""How the networks count a text, and how it travels to them."""

import unicodedata

import regex

from networks.spans import Span, find_hashtags, find_links, find_mentions, find_x_links
from networks.threads import split_text

__all__ = [
    "Span",
    "find_hashtags",
    "find_links",
    "find_mentions",
    "graphemes",
    "linkedin_escape",
    "mastodon_length",
    "split_text",
    "utf8_bytes",
    "utf16_units",
    "x_weight",
]

X_LINK_WEIGHT = 23
"""What every link weighs on X, however long it is (docs.x.com, Counting characters, read 2026-11-23)."""

X_HEAVY = regex.compile(r"[^\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")
"""What weighs 2 on X: everything outside the four ranges of the twitter-text configuration v3 (read 2026-11-23)."""

_PICTOGRAPH = (
    r"(?![©®](?!\uFE0F))\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?(?:[\U000E0020-\U000E007E]+\U000E007F)?"
)
EMOJI = regex.compile(
    rf"\p{{Regional_Indicator}}{{2}}|[0-9#*]\uFE0F?\u20E3|(?>{_PICTOGRAPH}(?:\u200D{_PICTOGRAPH})*)(?!\uFE0E)"
)
"""An emoji as one sees it (UTS 51): a flag, a keycap, or a picture with its skin tone and all that is joined to it."""

GRAPHEME = regex.compile(r"\X")

LINKEDIN_RESERVED = regex.compile(r"[|{}@\[\]()<>#*_~\\]")
"""Characters that LinkedIn's little text format takes for its own (LinkedIn docs, Posts API, read 2026-11-23)."""


def x_weight(text: str) -> int:
    """The weighted length that X counts: after NFC, a link 23, an emoji 2, most letters of Europe 1, the rest 2."""
    text = unicodedata.normalize("NFC", text)
    links = find_x_links(text)
    rest, emojis = EMOJI.subn(" ", _with_blanks(text, links, " "))
    heavy = 0 if rest.isascii() else len(X_HEAVY.findall(rest))
    return len(rest) + heavy + int(emojis) + (X_LINK_WEIGHT - 1) * len(links)


def mastodon_length(text: str, url_length: int = 23) -> int:
    """The length that Mastodon counts: graphemes, a link with `https://` as `url_length`, `@user@domain` as `@user`.

    From StatusLengthValidator of Mastodon 4.6, read 2026-11-24.
    """
    links = [link for link in find_links(text) if link.text.lower().startswith("http")]
    mentions = [Span(at.start + len(_local(at.text)), at.end, "") for at in find_mentions(text)]
    shortened = _with_blanks(text, sorted((*links, *mentions), key=lambda span: span.start), "")
    return graphemes(shortened) + url_length * len(links)


def graphemes(text: str) -> int:
    """Characters as a reader sees them (UAX 29): a letter with its accents is one, a family emoji is one."""
    return len(text) if _plain(text) else len(GRAPHEME.findall(text))


def utf8_bytes(text: str) -> int:
    """The length in UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def utf16_units(text: str) -> int:
    """The length in UTF-16 units, as JavaScript and Java count: an emoji is 2 or more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def linkedin_escape(text: str) -> str:
    """The text as it travels to LinkedIn: a backslash before each reserved character, except in our own hashtags.

    LinkedIn ends a post without a word at the first reserved character that lacks one (research of 2026-11-23).
    """
    parts, at = [], 0
    for tag in find_hashtags(text):
        parts += [_escaped(text[at : tag.start]), tag.text]
        at = tag.end
    return "".join([*parts, _escaped(text[at:])])


def _escaped(text: str) -> str:
    return str(LINKEDIN_RESERVED.sub(r"\\\g<0>", text))


def _plain(text: str) -> bool:
    return text.isascii() and "\r" not in text


def _local(handle: str) -> str:
    """`@user` of `@user@domain`."""
    return handle[0] + handle[1:].partition("@")[0]


def _with_blanks(text: str, spans: list[Span], blank: str) -> str:
    """The text with `blank` in the place of each span; `spans` are in order and do not overlap."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], blank]
        at = span.end
    return "".join([*parts, text[at:]])
