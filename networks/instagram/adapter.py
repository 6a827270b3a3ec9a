"""Publishing on Instagram: a container is built, waited for, and then published by the one irreversible call.

The container's id is kept before that call, and the container itself says whether it was published: nothing is sent
again to find out. Calls: developers.facebook.com, Instagram Platform, Content publishing, v26.0, read 2026-11-23.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from networks.base import SEND_TIMEOUT, Adapter, Keep
from networks.content import Account, Json, Metrics, Prepared, Published, ReplyTo, Segment
from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError, UnclearError
from networks.instagram.connector import account_of
from networks.instagram.containers import POLL_WAITS, Build, check_pictures
from networks.meta.client import Graph, id_of
from networks.meta.errors import A_DAYS_LIMIT
from networks.meta.reading import count, items, moment, same_text, told_of_post
from networks.meta.version import GRAPH

CONTAINER_LIFE = 23 * 3600.0
"""Seconds; Instagram gives a container 24 hours."""
PERMALINK_SECONDS = 5.0
"""How long the public address is waited for, once the post is out."""
MOST_LISTS = 10
"""Lists of 25 posts that a look reads at most."""


class InstagramAdapter(Adapter):
    """One professional account. `credentials`: ig_id, username, access_token (its Page's), appsecret_proof. The token is
    never renewed, so `on_refresh` is not called. A post cannot be deleted through the API."""

    send_seconds = SEND_TIMEOUT
    poll_waits = POLL_WAITS
    capabilities = frozenset({"metrics"})

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, str],
        on_refresh: Callable[[Mapping[str, str]], None] | None = None,
        *,
        version: str = GRAPH.version,
    ) -> None:
        self._account = credentials["ig_id"]
        self._username = credentials.get("username", "")
        proof = credentials.get("appsecret_proof", "")
        self._graph = Graph(base_url, credentials["access_token"], proof=proof, version=version)

    def whoami(self) -> Account:
        told = self._graph.get(self._account, fields="id,username,name")
        id_of(told, "the question")
        return account_of(told)

    def prepare(self, segment: Segment, kept: Mapping[str, Json], keep: Keep, reply_to: ReplyTo | None) -> Prepared:
        check_pictures(segment)
        progress = _begun(segment, kept)
        if "container" not in progress:
            self._check_quota()
        keep(progress)
        Build(self._graph, self._account, keep, progress, self.poll_waits).container(segment)
        return Prepared(progress)

    def publish(self, segment: Segment, prepared: Prepared, reply_to: ReplyTo | None) -> Published:
        ends = time.monotonic() + self.send_seconds
        container = str(prepared.kept["container"])
        path = f"{self._account}/media_publish"
        remote_id = self._graph.post_once(path, self.send_seconds, creation_id=container).get("id")
        if not isinstance(remote_id, str) or not remote_id:
            raise UnclearError("Instagram's answer names no post.", code="unreadable")
        return Published(remote_id, self._permalink(remote_id, ends - time.monotonic()))

    def find(
        self,
        segment: Segment,
        prepared: Prepared,
        since: datetime,
        parent: Published | None,
        exclude: frozenset[str],
    ) -> Published | None:
        """Asks the container first; the post itself is then known by its caption. Raises LaterError where the container
        says that it is out and the account does not show it yet."""
        state = self._state_of(str(prepared.kept.get("container", "")))
        if state and state not in ("PUBLISHED", "EXPIRED"):
            return None
        found = self._shown(segment.text, since, exclude)
        if found is None and state == "PUBLISHED":
            raise LaterError("Instagram says that it is out, and does not show it yet.", code="not-shown-yet")
        return found

    def metrics(self, remote_id: str) -> Metrics:
        """Likes and comments. Shares and views would need one permission more (docs/networks/instagram.md)."""
        told = told_of_post(self, self._graph, remote_id, "like_count,comments_count")
        return Metrics(likes=count(told, "like_count"), replies=count(told, "comments_count"))

    def _check_quota(self) -> None:
        """Raises LaterError where the account's day is used up; what cannot be read is left for Instagram to refuse."""
        told = self._graph.get(f"{self._account}/content_publishing_limit", fields="quota_usage,config")
        for one in items(told)[0]:
            used, most = count(one, "quota_usage"), count(one, "config", "quota_total")
            if used is not None and most and used >= most:
                message = f"Instagram takes {most} posts of an account a day, and has taken {used}."
                raise LaterError(message, wait=A_DAYS_LIMIT, of="channel", code="quota")

    def _state_of(self, container: str) -> str:
        """PUBLISHED, FINISHED, …; empty where nothing was prepared, or the container is gone."""
        if not container:
            return ""
        try:
            return str(self._graph.get(container, fields="status_code").get("status_code", ""))
        except (RefusedError, ReconnectError) as error:
            if error.code == "100/33":
                return ""
            refusal = error
        raise LaterError(refusal.message, code=refusal.code)

    def _shown(self, text: str, since: datetime, exclude: frozenset[str]) -> Published | None:
        """The oldest post since then with this caption that is not ours already."""
        found, after = None, {"since": str(int(since.timestamp()))}
        for _ in range(MOST_LISTS):
            told = self._graph.get(f"{self._account}/media", fields="id,caption,permalink,timestamp", limit=25, **after)
            posts, cursor = items(told)
            for post in posts:
                ours = same_text(post.get("caption"), text) and moment(post.get("timestamp")) >= since
                if ours and post.get("id") not in exclude:
                    found = post
            if not cursor:
                break
            after["after"] = cursor
        else:
            raise LaterError("There are too many posts on this account to look through.", code="too-many")
        return Published(str(found["id"]), self._address(found)) if found else None

    def _permalink(self, remote_id: str, left: float) -> str:
        told: Mapping[str, Json] = {}
        if left > 0.5:
            try:
                told = self._graph.get_within(min(left, PERMALINK_SECONDS), remote_id, fields="permalink")
            except NetworkError:  # the post is out: nothing that happens now may say otherwise
                told = {}
        return self._address(told)

    def _address(self, told: Mapping[str, Json]) -> str:
        """The post's address; the account's where Instagram does not tell it, since no id leads to a post."""
        url = told.get("permalink")
        own = f"https://www.instagram.com/{self._username}/"
        return url if isinstance(url, str) and url.startswith("https://") else own


def _begun(segment: Segment, kept: Mapping[str, Json]) -> dict[str, Json]:
    """What was kept, where it was made for this very post and is young enough; else a new beginning."""
    pictures = [[picture.digest, picture.alt, picture.width, picture.height] for picture in segment.pictures]
    made_of = hashlib.sha256(json.dumps([segment.text, pictures]).encode()).hexdigest()
    progress: dict[str, Json] = json.loads(json.dumps(dict(kept)))
    if progress.get("of") == made_of and time.time() - progress["at"] < CONTAINER_LIFE:
        return progress
    return {"of": made_of, "at": time.time()}
