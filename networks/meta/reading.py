"""Reading what the Graph API tells about posts."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

from networks.base import Adapter
from networks.content import Json
from networks.errors import LaterError, ReconnectError, RefusedError
from networks.meta.client import Graph

GONE_OR_DEAD = "100/33"
"""Meta's one code for a post that is not there and for an account that may not look any more."""


def told_of_post(adapter: Adapter, graph: Graph, remote_id: str, fields: str) -> dict[str, Json]:
    """What Meta tells of a post. Raises RefusedError where the post is gone and the account itself still answers."""
    try:
        return graph.get(remote_id, fields=fields)
    except ReconnectError as error:
        if error.code != GONE_OR_DEAD:
            raise
    adapter.whoami()
    raise RefusedError("The network does not show this post any more.", code="gone")


def items(answer: Mapping[str, Json]) -> tuple[list[dict[str, Json]], str]:
    """The objects of an edge, and where the next list begins (empty where this was the last one). Raises LaterError."""
    data, paging = answer.get("data"), answer.get("paging")
    if not isinstance(data, list):
        raise LaterError("Meta's answer lacks its list.", code="unreadable")
    cursors = paging.get("cursors") if isinstance(paging, dict) and paging.get("next") else None
    after = cursors.get("after") if isinstance(cursors, dict) else None
    return [one for one in data if isinstance(one, dict)], str(after or "")


def same_text(told: Json, ours: str) -> bool:
    """Whether a post's text is ours: composed alike, and blanks not counted, which Meta trims and joins as it likes."""
    return _plain(told if isinstance(told, str) else "") == _plain(ours)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def moment(told: Json) -> datetime:
    """A moment as Meta writes it (`2026-11-24T04:05:06+0000`), in UTC. Raises LaterError."""
    try:
        return datetime.strptime(str(told), "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)
    except ValueError:
        raise LaterError("Meta's answer lacks the time of a post.", code="unreadable") from None


def count(told: Mapping[str, Json], *path: str) -> int | None:
    """The number at the end of a path of names, None where there is none."""
    one: Json = told
    for name in path:
        one = one.get(name) if isinstance(one, dict) else None
    return one if isinstance(one, int) and not isinstance(one, bool) else None


def whole_link(text: str) -> str:
    """A link as it stands in a text, with its scheme."""
    return text if "://" in text else f"https://{text}"
