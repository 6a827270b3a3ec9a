"""A text as a page shows it: everything escaped; links, hashtags and mentions marked."""

import html

from networks.spans import Span, find_hashtags, find_links, find_mentions


def mark(text: str, *, links: bool = True) -> str:
    """The text as HTML. With `links` false an address is marked but cannot be followed (captions on Instagram)."""
    pieces, end = [], 0
    for span, kind in _spans(text):
        if span.start < end:
            continue
        pieces += [html.escape(text[end : span.start]), _marked(kind, span.text, links=links)]
        end = span.end
    return "".join([*pieces, html.escape(text[end:])])


def _spans(text: str) -> list[tuple[Span, str]]:
    found = [(span, "link") for span in find_links(text)]
    found += [(span, "tag") for span in find_hashtags(text)]
    found += [(span, "mention") for span in find_mentions(text)]
    return sorted(found, key=lambda entry: entry[0].start)


def _marked(kind: str, word: str, *, links: bool) -> str:
    shown = html.escape(word)
    if kind == "link" and links:
        address = word if word.lower().startswith(("http://", "https://")) else f"https://{word}"
        return f'<a class="link" href="{html.escape(address)}" rel="nofollow noreferrer">{shown}</a>'
    return f'<span class="{kind}">{shown}</span>'
