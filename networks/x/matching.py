"""Whether a post on X has the text that we sent: X shortens links, writes `&` as `&amp;` and adds an address for
pictures."""

import html
import unicodedata
from collections.abc import Mapping

from networks.content import Json
from networks.spans import find_x_links


def same_text(text: str, post: Mapping[str, Json]) -> bool:
    """Whether `post`, as the API gives it, says `text`."""
    return _plain(text) == _plain(_as_sent(post))


def answers(post: Mapping[str, Json]) -> str | None:
    """The id of the post that this one replies to, empty where it replies to none; None where X does not say it.

    The field is called `referenced_posts` in the OpenAPI description 2.167 and `referenced_tweets` in older pages.
    """
    named = post.get("referenced_posts", post.get("referenced_tweets"))
    if not isinstance(named, list):
        return None if "in_reply_to_user_id" in post else ""
    replied = [one.get("id") for one in named if isinstance(one, dict) and one.get("type") == "replied_to"]
    return str(replied[0]) if replied else ""


def _as_sent(post: Mapping[str, Json]) -> str:
    """The post's text with its links as they were, without those of its pictures."""
    text = str(post.get("text", ""))
    entities = post.get("entities")
    for link in entities.get("urls") or [] if isinstance(entities, dict) else []:
        short, whole = str(link.get("url", "")), str(link.get("expanded_url", ""))
        if short:
            text = text.replace(short, "" if "media_key" in link or "/photo/" in whole else whole)
    return html.unescape(text)


def _plain(text: str) -> str:
    """The text for comparing: NFC, white space as one space, links as host and path without a slash at the end."""
    text = unicodedata.normalize("NFC", text)
    for link in reversed(find_x_links(text)):
        bare = link.text.partition("://")[2] or link.text
        host, slash, path = bare.partition("/")
        text = text[: link.start] + (host.lower() + slash + path).rstrip("/") + text[link.end :]
    return " ".join(text.split())
