"""Telling a status on an instance from the text that we sent: out of its HTML, as a reader sees it."""

import re
import unicodedata
from html.parser import HTMLParser

from networks.text import find_mentions


def same_text(html: str, text: str) -> bool:
    """Whether a status says exactly this. White space counts as one blank, and a handle is compared without its
    server, since an instance shows it so."""
    return _plain(text_of(html)) == _plain(_short_handles(text))


def text_of(html: str) -> str:
    """The text of a status: lines for `br`, paragraphs for `p`, the address of a link in full."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts).strip()


class _Reader(HTMLParser):
    """Collects text. What an instance hides of a long address (`class="invisible"`) is text as well."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag == "p":
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _short_handles(text: str) -> str:
    parts, at = [], 0
    for mention in find_mentions(text):
        local = mention.text[0] + mention.text[1:].partition("@")[0]
        parts += [text[at : mention.start], local]
        at = mention.end
    return "".join([*parts, text[at:]])


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
