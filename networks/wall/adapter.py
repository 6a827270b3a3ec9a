"""The adapter of the wall: posts for any network, to the sandbox instead of to the network itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from networks.base import SEND_TIMEOUT, Adapter, Keep
from networks.content import Account, CannotTellType, Json, Picture, Prepared, Published, ReplyTo, Segment
from networks.errors import NetworkError, ReconnectError, RefusedError, UnclearError
from networks.http import Answer, Http

CLOCKS_APART = timedelta(seconds=60)
"""How far the wall's clock may be behind ours: a post is looked for from this much earlier on."""
READ_BACK_BYTES = 20_000_000


class WallAdapter(Adapter):
    """One account on the wall. `credentials` has `account`, `author` and `token`; `network` is the slug.

    `send_seconds` is how long `publish` may last at most.
    """

    def __init__(
        self, base_url: str, credentials: Mapping[str, str], network: str, *, send_seconds: float = SEND_TIMEOUT
    ) -> None:
        self._account = credentials["account"]
        self._author = credentials["author"]
        self._network = network
        self._send_seconds = min(send_seconds, SEND_TIMEOUT)
        self._token = credentials["token"]
        self._http = Http(base_url, headers={"Authorization": f"Bearer {self._token}"}, secrets=[self._token])

    def whoami(self) -> Account:
        """Makes the account known with its token, or proves that the token is the right one."""
        fields = {"network": self._network, "account": self._account, "author": self._author}
        told = self._read(self._http.request("POST", "/api/accounts", json=fields))
        url = f"{self._http.base_url}/?network={quote(self._network)}&account={quote(self._account, safe='')}"
        return Account(remote_id=str(told.get("id", "")), name=str(told.get("author", "")), url=url)

    def prepare(self, segment: Segment, kept: Mapping[str, Json], keep: Keep, reply_to: ReplyTo | None) -> Prepared:
        """Uploads the pictures that were not uploaded yet; keeps after each one."""
        uploaded = list(kept.get("pictures", []))
        for picture in segment.pictures:
            if picture.digest not in uploaded:
                self._upload(picture)
                uploaded.append(picture.digest)
                keep({"pictures": uploaded})
        return Prepared({"pictures": uploaded} if uploaded else {})

    def publish(self, segment: Segment, prepared: Prepared, reply_to: ReplyTo | None) -> Published:
        """One call, never repeated: the wall has no key by which it would know a second one."""
        fields = {
            "network": self._network,
            "account": self._account,
            "author": self._author,
            "text": segment.text,
            "language": segment.language,
            "pictures": [{"digest": picture.digest, "alt": picture.alt} for picture in segment.pictures],
            "reply_to": reply_to.parent.remote_id if reply_to else None,
        }
        call = self._http.request("POST", "/api/posts", irreversible=True, json=fields, timeout=self._send_seconds)
        told = self._read(call)
        if call.status != 201 or not _is_published(told):
            raise UnclearError(f"{call.request}: the answer ({call.status}) names no post", code="unreadable")
        return _published(told)

    def find(
        self,
        segment: Segment,
        prepared: Prepared,
        since: datetime,
        parent: Published | None,
        exclude: frozenset[str],
    ) -> Published | CannotTellType | None:
        """The oldest post of the account with this exact text and parent that is not ours already."""
        asked = {
            "network": self._network,
            "account": self._account,
            "since": (since - CLOCKS_APART).isoformat(),
        }
        answer = self._http.request("GET", "/api/posts", params=asked, max_bytes=READ_BACK_BYTES)
        wanted = (segment.text, parent.remote_id if parent else None)
        for post in self._read(answer).get("posts", []):
            if (post["text"], post["reply_to"]) == wanted and post["id"] not in exclude:
                return _published(post)
        return None

    def _upload(self, picture: Picture) -> None:
        headers = {"Content-Type": picture.content_type}
        path = f"/api/pictures/{picture.digest}"
        self._read(self._http.request("PUT", path, data=picture.read(), headers=headers))

    def _read(self, answer: Answer) -> dict[str, Any]:
        """The fields of a good answer. Raises what a bad one means: the wall says «no» in JSON, with a sentence."""
        fields = answer.json()
        if answer.ok:
            return fields
        raise self._refusal(answer.status, str(fields.get("error", "")))

    def _refusal(self, status: int, sentence: str) -> NetworkError:
        told = self._http.redact(sentence) or f"The wall answered {status}."
        if status in (401, 403):
            return ReconnectError(told, code=f"http-{status}")
        return RefusedError(told, code=f"http-{status}")


def _is_published(told: Mapping[str, Any]) -> bool:
    return isinstance(told.get("id"), str) and isinstance(told.get("url"), str)


def _published(told: Mapping[str, Any]) -> Published:
    return Published(remote_id=told["id"], url=told["url"], ref={"id": told["id"]})
