"""Publishing on a Page: pictures first, unpublished and with their alt texts, then one post that shows them.

Facebook takes no key of ours, so a call without an answer is never repeated: the post is looked for among the Page's
posts by its text. Calls: developers.facebook.com, Page feed and Page photos, v26.0, read 2026-11-23.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from networks.base import SEND_TIMEOUT, Adapter, Keep
from networks.content import Account, Json, Metrics, Picture, Prepared, Published, ReplyTo, Segment
from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError, UnclearError
from networks.facebook.rules import Facebook
from networks.meta.client import Graph, id_of
from networks.meta.pictures import bare
from networks.meta.reading import count, items, moment, same_text, told_of_post, whole_link
from networks.meta.version import GRAPH
from networks.text import find_links

PHOTO_LIFE = 20 * 3600.0
"""Seconds for which an unpublished photo is trusted to wait for its post: Meta is said to delete it after a day
(unverified)."""
PERMALINK_SECONDS = 5.0
"""How long the public address is waited for, once the post is out."""
MOST_LISTS = 10
"""Lists of 25 posts that a look reads at most; more in one list could be more than an answer may hold."""


class FacebookAdapter(Adapter):
    """One Page. `credentials`: page_id, access_token (the Page's), appsecret_proof. Its token is never renewed, so
    `on_refresh` is not called."""

    send_seconds = SEND_TIMEOUT
    capabilities = frozenset({"delete", "reshare", "metrics"})

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, str],
        on_refresh: Callable[[Mapping[str, str]], None] | None = None,
        *,
        version: str = GRAPH.version,
    ) -> None:
        self._page = credentials["page_id"]
        proof = credentials.get("appsecret_proof", "")
        self._graph = Graph(base_url, credentials["access_token"], proof=proof, version=version)

    def whoami(self) -> Account:
        told = self._graph.get(self._page, fields="id,name,link")
        page = id_of(told, "the question")
        return Account(page, str(told.get("name") or page), str(told.get("link") or f"https://www.facebook.com/{page}"))

    def prepare(self, segment: Segment, kept: Mapping[str, Json], keep: Keep, reply_to: ReplyTo | None) -> Prepared:
        progress = json.loads(json.dumps(dict(kept)))
        for picture in segment.pictures:
            self._upload(picture, progress, keep)
        return Prepared(progress)

    def publish(self, segment: Segment, prepared: Prepared, reply_to: ReplyTo | None) -> Published:
        fields: dict[str, Json] = {"message": segment.text} if segment.text else {}
        photos = prepared.kept.get("photos", {})
        if segment.pictures:
            fields["attached_media"] = [{"media_fbid": photos[_key(one)]["id"]} for one in segment.pictures]
        elif links := find_links(segment.text):
            fields["link"] = whole_link(links[0].text)  # without it the API makes no card
        return self._posted(fields)

    def find(
        self,
        segment: Segment,
        prepared: Prepared,
        since: datetime,
        parent: Published | None,
        exclude: frozenset[str],
    ) -> Published | None:
        """The oldest post since then with this text; without a text, with one of the photos that we uploaded."""
        photos = {str(one["id"]) for one in prepared.kept.get("photos", {}).values()}
        found = None
        for post in self._posts_since(since):
            if post.get("id") in exclude or not isinstance(post.get("id"), str):
                continue
            if same_text(post.get("message"), segment.text) and (segment.text.strip() or photos & _shown(post)):
                found = post
        return _published(found) if found else None

    def delete(self, remote_id: str) -> None:
        """Takes a post down; one that is gone already is no error, as long as the Page itself still answers."""
        try:
            gone = self._graph.delete(remote_id).get("success")
        except ReconnectError as error:
            if error.code != "100/33":
                raise
            gone = bool(self.whoami())
        if not gone:
            raise LaterError("Facebook did not say that the post is gone.", code="unreadable")

    def reshare(self, remote_id: str) -> Published:
        """Shows a post of another Page on ours, as a link to it."""
        return self._posted({"link": f"https://www.facebook.com/{remote_id}"})

    def metrics(self, remote_id: str) -> Metrics:
        """Reactions of every kind count as likes. Views would need one permission more (docs/networks/facebook.md)."""
        asked = "shares,reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count)"
        told = told_of_post(self, self._graph, remote_id, asked)
        return Metrics(
            likes=count(told, "reactions", "summary", "total_count"),
            # Facebook leaves `shares` out where there is none.
            shares=count(told, "shares", "count") or 0,
            replies=count(told, "comments", "summary", "total_count"),
        )

    def _upload(self, picture: Picture, progress: dict[str, Json], keep: Keep) -> None:
        photos = progress.setdefault("photos", {})
        done = photos.get(_key(picture))
        if done and time.time() - done["at"] < PHOTO_LIFE:
            return
        data, kind = bare(picture.read(), Facebook.limits.picture_bytes)
        fields = {"published": False} | ({"alt_text_custom": picture.alt} if picture.alt.strip() else {})
        answer = self._graph.post_photo(f"{self._page}/photos", data, kind, **fields)
        photos[_key(picture)] = {"id": id_of(answer, "a picture"), "at": time.time()}
        keep(progress)

    def _posted(self, fields: Mapping[str, Json]) -> Published:
        """The one irreversible call, and then, in what is left of its time, the public address."""
        ends = time.monotonic() + self.send_seconds
        answer = self._graph.post_once(f"{self._page}/feed", self.send_seconds, **fields)
        remote_id = answer.get("id")
        if not isinstance(remote_id, str) or not remote_id:
            raise UnclearError("Facebook's answer names no post.", code="unreadable")
        return Published(remote_id, self._permalink(remote_id, ends - time.monotonic()))

    def _permalink(self, remote_id: str, left: float) -> str:
        """The address people see; without an answer the one that leads there."""
        told: Mapping[str, Json] = {}
        if left > 0.5:
            try:
                told = self._graph.get_within(min(left, PERMALINK_SECONDS), remote_id, fields="permalink_url")
            except NetworkError:  # the post is out: nothing that happens now may say otherwise
                told = {}
        return _address(told, remote_id)

    def _posts_since(self, since: datetime) -> Iterator[dict[str, Json]]:
        """The Page's posts, newest first, back to `since`. Raises LaterError where it cannot be said how far back."""
        after: dict[str, str] = {}
        for _ in range(MOST_LISTS):
            posts, cursor = self._posts(after)
            for post in posts:
                if moment(post.get("created_time")) < since:
                    return
                yield post
            if not cursor:
                return
            after = {"after": cursor}
        raise LaterError("There are too many posts on this Page to look through.", code="too-many")

    def _posts(self, after: Mapping[str, str]) -> tuple[list[dict[str, Json]], str]:
        """One list of posts and where the next one begins. A refusal to look says nothing about the post."""
        fields = "id,message,created_time,permalink_url,attachments{target,subattachments}"
        try:
            return items(self._graph.get(f"{self._page}/published_posts", fields=fields, limit=25, **after))
        except RefusedError as error:
            refusal = error
        raise LaterError(refusal.message, code=refusal.code)


def _key(picture: Picture) -> str:
    """A photo is uploaded with its alt text, so it is another one when that changes."""
    return hashlib.sha256(f"{picture.digest} {picture.alt}".encode()).hexdigest()


def _shown(post: Mapping[str, Json]) -> set[str]:
    """The ids of the photos that a post shows."""
    shown: set[str] = set()
    todo = [post.get("attachments")]
    while todo:
        one = todo.pop()
        for attachment in one.get("data", []) if isinstance(one, dict) else []:
            shown.add(str((attachment.get("target") or {}).get("id", "")))
            todo.append(attachment.get("subattachments"))
    return shown - {""}


def _published(post: Mapping[str, Json]) -> Published:
    return Published(str(post["id"]), _address(post, str(post["id"])))


def _address(told: Mapping[str, Json], remote_id: str) -> str:
    url = told.get("permalink_url")
    return url if isinstance(url, str) and url.startswith("https://") else f"https://www.facebook.com/{remote_id}"
