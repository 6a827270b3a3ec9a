"""What makes links, hashtags and mentions of a text live: facets, placed by UTF-8 bytes (end exclusive)."""

import re
from collections.abc import Iterable, Mapping

from networks.content import Json, Mention
from networks.text import Span, find_hashtags, find_links, find_mentions, graphemes, utf8_bytes

_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
HANDLE = re.compile(rf"(?:{_LABEL}\.)+[a-zA-Z](?:[a-zA-Z0-9-]{{0,61}}[a-zA-Z0-9])?")
"""A handle without its sign (atproto.com, Handle, read 2026-11-23): a domain, so `EU_Commission` is none."""

TAG_GRAPHEMES, TAG_BYTES = 64, 640
"""The longest hashtag (lexicon app.bsky.richtext.facet, read 2026-11-23)."""


def handles(text: str) -> list[str]:
    """The handles that a text mentions, without their sign, as written, each once."""
    found = (span.text[1:] for span in find_mentions(text))
    return list(dict.fromkeys(handle for handle in found if HANDLE.fullmatch(handle)))


def known(mentions: Iterable[Mention]) -> dict[str, str]:
    """Handle in lower case, without its sign → DID, of the mentions whose DID we know already."""
    return {bare(one.handle): one.remote_id for one in mentions if one.remote_id.startswith("did:")}


def bare(handle: str) -> str:
    """A handle as it is compared: no sign, lower case."""
    return handle.lstrip("@").lower()


def facets(text: str, dids: Mapping[str, str]) -> list[Json]:
    """The facets of a text in order. `dids` is handle in lower case → DID; a mention without one stays plain text."""
    found = [(span, _link(span.text)) for span in find_links(text)]
    found += [(span, _tag(span.text[1:])) for span in find_hashtags(text) if _short_enough(span.text[1:])]
    found += [(span, _mention(dids[bare(span.text)])) for span in find_mentions(text) if dids.get(bare(span.text), "")]
    return [_facet(text, span, feature) for span, feature in sorted(found, key=lambda pair: pair[0].start)]


def _facet(text: str, span: Span, feature: Json) -> Json:
    start = utf8_bytes(text[: span.start])
    return {"index": {"byteStart": start, "byteEnd": start + utf8_bytes(span.text)}, "features": [feature]}


def _link(text: str) -> Json:
    whole = text if text.lower().startswith(("http://", "https://")) else f"https://{text}"
    return {"$type": "app.bsky.richtext.facet#link", "uri": whole}


def _tag(text: str) -> Json:
    return {"$type": "app.bsky.richtext.facet#tag", "tag": text}


def _mention(did: str) -> Json:
    return {"$type": "app.bsky.richtext.facet#mention", "did": did}


def _short_enough(tag: str) -> bool:
    return graphemes(tag) <= TAG_GRAPHEMES and utf8_bytes(tag) <= TAG_BYTES
