"""The wall's adapter, for three kinds of account on the recording network."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from networks.base import Keep
from networks.content import CANNOT_TELL, CannotTellType, Json, Prepared, Published, ReplyTo, Segment
from networks.http import Http
from networks.wall.adapter import WallAdapter
from tests.faults.network import KEY_LIVES

BLIND, KEYED, PLAIN = "blind", "keyed", "plain"
SPARE = timedelta(seconds=5)
"""How much earlier than the network we take a key for forgotten."""


class RecordingAdapter(WallAdapter):
    """`plain-…` reads back, `blind-…` never can, `keyed-…` reads back and may be repeated while its key is known."""

    def __init__(self, base_url: str, credentials: Mapping[str, str], network: str) -> None:
        super().__init__(base_url, credentials, network)
        self._kind = credentials["account"].partition("-")[0]

    def prepare(self, segment: Segment, kept: Mapping[str, Json], keep: Keep, reply_to: ReplyTo | None) -> Prepared:
        """A key is made once, and kept before it is used."""
        if self._kind != KEYED:
            return super().prepare(segment, kept, keep, reply_to)
        key = str(kept.get("key") or uuid.uuid4())
        keep({"key": key}, repeat_key=key)
        return Prepared({"key": key}, key)

    def publish(self, segment: Segment, prepared: Prepared, reply_to: ReplyTo | None) -> Published:
        """As the wall's, with the key beside the text."""
        if prepared.repeat_key:
            self._http = _Keyed(self._http, prepared.repeat_key)  # type: ignore[assignment]
        return super().publish(segment, prepared, reply_to)

    def find(
        self, segment: Segment, prepared: Prepared, since: datetime, parent: Published | None, exclude: frozenset[str]
    ) -> Published | CannotTellType | None:
        """As the wall's; a blind account cannot tell."""
        if self._kind == BLIND:
            return CANNOT_TELL
        return super().find(segment, prepared, since, parent, exclude)

    def repeat_is_harmless(self, first_sent_at: datetime, latest_arrival: datetime) -> bool:
        """While the network surely still knows the key."""
        return self._kind == KEYED and latest_arrival < first_sent_at + KEY_LIVES - SPARE


class _Keyed:
    """A session that adds the key to what it posts."""

    def __init__(self, http: Http, key: str) -> None:
        self._http, self._key = http, key

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the session has
        return getattr(self._http, name)

    def request(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - the session's own
        more["json"] = {**more["json"], "key": self._key}
        return self._http.request(method, path, **more)
