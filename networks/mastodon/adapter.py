"""Publishing on Mastodon: a status under an Idempotency-Key, which an instance keeps for an hour."""

import hashlib
import json
import mimetypes
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from networks.base import SEND_TIMEOUT, Adapter, Keep
from networks.content import (
    CANNOT_TELL,
    Account,
    CannotTellType,
    Json,
    Metrics,
    Picture,
    Prepared,
    Published,
    ReplyTo,
    Segment,
)
from networks.errors import LaterError, UnclearError
from networks.mastodon.client import Client, NotFoundError
from networks.mastodon.instance import instance_of, limits_of
from networks.mastodon.reading import same_text

KEY_LIFE = timedelta(minutes=55)
"""How long after the first sending a repeat under the same key makes no second status: an hour, less a margin for
clocks (docs.joinmastodon.org, Post a new status, read 2026-11-24)."""

MEDIA_LIFE = 20 * 3600.0
"""Seconds for which an upload is trusted to wait for its status: an instance removes those without one after a day
(mastodon, MediaAttachmentsVacuum, read in research of 2026-11-23)."""

PROCESSING = (1.0, 2.0, 4.0, 8.0)
"""Seconds between two questions whether a picture has been processed."""

PAGE, PAGES = 40, 5
"""Statuses in one answer, and answers that are read at most in a search."""


class MastodonAdapter(Adapter):
    """One account on the instance at `base_url`. `credentials`: access_token, account_id, version, keeps_keys and, for
    disconnecting, client_id and client_secret. Its tokens have no end, so nothing is ever renewed."""

    send_seconds = SEND_TIMEOUT
    capabilities = frozenset({"delete", "reshare", "metrics"})

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, str],
        on_refresh: Callable[[Mapping[str, str]], None] | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = Client(base_url, credentials)
        self._account_id = credentials["account_id"]
        self._keeps_keys = credentials.get("keeps_keys") == "yes"
        self._sleep = sleep

    def whoami(self) -> Account:
        return account_of(self._client.call(lambda api: api.account_verify_credentials()), self._client.http.base_url)

    def limits(self) -> Mapping[str, Json]:
        return limits_of(instance_of(self._client.http), host_of(self._client.http.base_url))

    def prepare(self, segment: Segment, kept: Mapping[str, Json], keep: Keep, reply_to: ReplyTo | None) -> Prepared:
        progress = _begun(segment, reply_to, kept, keep)
        for picture in segment.pictures:
            self._upload(picture, progress, keep)
        for picture in segment.pictures:
            self._processed(picture, progress, keep)
        return Prepared(progress, progress["key"])

    def publish(self, segment: Segment, prepared: Prepared, reply_to: ReplyTo | None) -> Published:
        media = [prepared.kept["media"][_name(picture)]["id"] for picture in segment.pictures]
        status = self._client.call_once(
            lambda api: api.status_post(
                segment.text,
                in_reply_to_id=reply_to.parent.remote_id if reply_to else None,
                media_ids=media or None,
                sensitive=bool(segment.warning and media),
                visibility="public",  # whatever the account's own default is: a campaign speaks to everybody
                spoiler_text=segment.warning or None,
                language=segment.language or None,
                idempotency_key=prepared.repeat_key,
            ),
            self.send_seconds,
        )
        return self._published(status, UnclearError)

    def find(
        self,
        segment: Segment,
        prepared: Prepared,
        since: datetime,
        parent: Published | None,
        exclude: frozenset[str],
    ) -> Published | CannotTellType | None:
        """Reads the account's own statuses back to `since`: same text, same parent, none of `exclude`."""
        last: str | None = None
        for _ in range(PAGES):
            page = self._statuses(last)
            for status in page:
                if _moment(status) < since:
                    return None
                if status.get("id") not in exclude and _matches(status, segment, parent):
                    return self._published(status, LaterError)
            if len(page) < PAGE:
                return None
            last = page[-1]["id"]
        return CANNOT_TELL

    def repeat_is_harmless(self, first_sent_at: datetime, latest_arrival: datetime) -> bool:
        """While the key is kept, and only by an instance that keeps keys."""
        return self._keeps_keys and latest_arrival < first_sent_at + KEY_LIFE

    def delete(self, remote_id: str) -> None:
        try:
            self._client.call(lambda api: api.status_delete(remote_id))
        except NotFoundError:
            return

    def reshare(self, remote_id: str) -> Published:
        """Boosts a status that this instance knows by `remote_id`."""
        status = self._client.call_once(lambda api: api.status_reblog(remote_id), self.send_seconds)
        return self._published(status, UnclearError)

    def metrics(self, remote_id: str) -> Metrics:
        status = self._client.call(lambda api: api.status(remote_id))
        likes, shares, replies = (
            _count(status, name) for name in ("favourites_count", "reblogs_count", "replies_count")
        )
        return Metrics(likes=likes, shares=shares, replies=replies)

    def _upload(self, picture: Picture, progress: dict[str, Json], keep: Keep) -> None:
        done = progress["media"].get(_name(picture))
        if done and time.time() - done["at"] < MEDIA_LIFE:
            return
        ending = mimetypes.guess_extension(picture.content_type) or ""
        answer = self._client.call(
            lambda api: api.media_post(
                picture.read(), picture.content_type, description=picture.alt, file_name=f"picture{ending}"
            )
        )
        if not isinstance(answer.get("id"), str):
            raise LaterError("The instance took a picture and named no id.", code="unreadable")
        progress["media"][_name(picture)] = {"id": answer["id"], "at": time.time(), "ready": bool(answer.get("url"))}
        keep(progress, repeat_key=progress["key"])

    def _processed(self, picture: Picture, progress: dict[str, Json], keep: Keep) -> None:
        """Waits until the instance has processed the picture: a status would be refused before."""
        upload = progress["media"][_name(picture)]
        for seconds in (0.0, *PROCESSING):
            if upload["ready"]:
                return
            self._sleep(seconds)
            upload["ready"] = self._is_ready(picture, upload["id"], progress, keep)
            keep(progress, repeat_key=progress["key"])
        raise LaterError("The instance is still processing a picture.", wait=30.0, code="media-processing")

    def _is_ready(self, picture: Picture, media_id: str, progress: dict[str, Json], keep: Keep) -> bool:
        try:
            return bool(self._client.call(lambda api: api.media(media_id)).get("url"))
        except NotFoundError:
            del progress["media"][_name(picture)]
        keep(progress, repeat_key=progress["key"])
        raise LaterError("The instance lost a picture; it is uploaded again.", wait=0.0, code="media-lost")

    def _statuses(self, older_than: str | None) -> Sequence[Mapping[str, Any]]:
        page = self._client.call(
            lambda api: api.account_statuses(self._account_id, exclude_reblogs=True, limit=PAGE, max_id=older_than)
        )
        if not isinstance(page, list) or not all(isinstance(one.get("id"), str) for one in page):
            raise LaterError("The instance's list of statuses cannot be read.", code="unreadable")
        return page

    def _published(self, status: Mapping[str, Any], problem: type[UnclearError | LaterError]) -> Published:
        """Id and public address. An address of another kind than http is never handed on to a page."""
        remote_id, url = status.get("id"), status.get("url")
        if not isinstance(remote_id, str) or not remote_id:
            raise problem("The instance's answer names no status.", code="unreadable")
        if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https"):
            url = f"{self._client.http.base_url}/web/statuses/{remote_id}"
        return Published(remote_id, url)


def account_of(fields: Mapping[str, Any], base_url: str) -> Account:
    """The account of an answer. Its id counts on its instance alone, so the instance stands behind it.
    Raises LaterError where the answer names none."""
    account_id, name = fields.get("id"), fields.get("username")
    if not (isinstance(account_id, str) and account_id and isinstance(name, str) and name):
        raise LaterError("The instance's answer names no account.", code="unreadable")
    host, url = host_of(base_url), fields.get("url")
    safe = url if isinstance(url, str) and urlsplit(url).scheme in ("http", "https") else f"{base_url}/@{name}"
    return Account(f"{account_id}@{host}", f"@{name}@{host}", safe)


def host_of(base_url: str) -> str:
    """The instance's host, with its port if it has one of its own."""
    return urlsplit(base_url).netloc.lower()


def _begun(segment: Segment, reply_to: ReplyTo | None, kept: Mapping[str, Json], keep: Keep) -> dict[str, Json]:
    """What was kept, with a key of our own, kept before anything else. A text that was edited since gets a new key:
    under the old one the instance would answer with the old status."""
    progress: dict[str, Json] = json.loads(json.dumps(dict(kept)))
    progress.setdefault("media", {})
    of = _fingerprint(segment, reply_to)
    if progress.get("of") != of:
        progress |= {"of": of, "key": str(uuid.uuid4())}
        keep(progress, repeat_key=progress["key"])
    return progress


def _fingerprint(segment: Segment, reply_to: ReplyTo | None) -> str:
    pictures = [_name(picture) for picture in segment.pictures]
    reply = reply_to.parent.remote_id if reply_to else ""
    made_of = [segment.text, segment.language, segment.warning, pictures, reply]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()


def _name(picture: Picture) -> str:
    """A picture with its alt text: the instance keeps both together."""
    return hashlib.sha256(f"{picture.digest} {picture.alt}".encode()).hexdigest()[:32]


def _matches(status: Mapping[str, Any], segment: Segment, parent: Published | None) -> bool:
    answered = status.get("in_reply_to_id") or ""
    same = same_text(str(status.get("content") or ""), segment.text)
    return same and answered == (parent.remote_id if parent else "") and not status.get("reblog")


def _moment(status: Mapping[str, Any]) -> datetime:
    """When a status was made, in UTC. Raises LaterError where it does not say."""
    moment = status.get("created_at")
    if not isinstance(moment, datetime):
        raise LaterError("The instance's answer has a status without a time.", code="unreadable")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _count(status: Mapping[str, Any], name: str) -> int | None:
    value = status.get(name)
    return value if isinstance(value, int) else None
