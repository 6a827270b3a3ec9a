"""Publishing on Bluesky: a record under a key that we choose, so that sending it twice leaves one post.

The record key and everything else of the record are chosen in `prepare` and kept before the call. `putRecord` of an
equal record under a key that is taken changes nothing and answers with the same uri and cid (PDS 0.5.35, its source
and tried, 2026-11-24).
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from networks.base import SEND_TIMEOUT, Adapter, Keep
from networks.bluesky.facets import bare, facets, handles, known
from networks.bluesky.session import Session, account_of, end_of
from networks.bluesky.tid import new_tid
from networks.content import Account, Json, Metrics, Picture, Prepared, Published, ReplyTo, Segment
from networks.errors import LaterError, RefusedError, UnclearError

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"

BLOB_LIFE = 300.0
"""Seconds for which an upload is trusted to wait for its record: a server deletes it after «a time window (eg,
minutes)» (lexicon com.atproto.repo.uploadBlob, read 2026-11-24). A second upload of the same bytes is the same blob."""


class BlueskyAdapter(Adapter):
    """One account on the PDS at `base_url` (`credentials["pds"]`). `on_refresh` is given new credentials at once."""

    send_seconds = SEND_TIMEOUT
    capabilities = frozenset({"delete", "reshare", "metrics"})

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, str],
        on_refresh: Callable[[Mapping[str, str]], None] | None = None,
    ) -> None:
        self._session = Session(base_url, credentials, on_refresh)
        self._did = credentials["did"]

    def whoami(self) -> Account:
        return account_of(self._session.get("com.atproto.server.getSession", {}))

    def refresh(self) -> Mapping[str, str] | None:
        """Renews the tokens if the access token ends within ten minutes."""
        self._session.renew_in_time()
        return self._session.renewed

    def ends_at(self) -> datetime | None:
        return end_of(self._session.credentials)

    def prepare(self, segment: Segment, kept: Mapping[str, Json], keep: Keep, reply_to: ReplyTo | None) -> Prepared:
        self._session.renew_in_time()
        progress = _begun(kept, keep)
        key = progress["key"]
        for picture in segment.pictures:
            self._upload(picture, progress, keep)
        if progress.get("of") != _fingerprint(segment, reply_to):
            progress["record"] = self._record(segment, progress, reply_to)
            progress["of"] = _fingerprint(segment, reply_to)
            keep(progress, repeat_key=key)
        return Prepared(progress, key)

    def publish(self, segment: Segment, prepared: Prepared, reply_to: ReplyTo | None) -> Published:
        body = {
            "repo": self._did,
            "collection": POST,
            "rkey": prepared.repeat_key,
            "record": prepared.kept["record"],
        }
        try:
            answer = self._session.post_once("com.atproto.repo.putRecord", body, self.send_seconds)
        except RefusedError as error:
            if error.code != "BlobNotFound":
                raise
            lost = error.message
        else:
            return self._published(answer, prepared.repeat_key)
        raise LaterError(lost, wait=BLOB_LIFE, code="BlobNotFound")  # uploaded anew by then

    def find(
        self,
        segment: Segment,
        prepared: Prepared,
        since: datetime,
        parent: Published | None,
        exclude: frozenset[str],
    ) -> Published | None:
        """Asks for our own key; without one nothing was ever sent."""
        if not prepared.repeat_key or self._uri(prepared.repeat_key) in exclude:
            return None
        answer = self._looked_up(prepared.repeat_key)
        value = answer.get("value") if answer else None
        same = isinstance(value, dict) and value.get("text") == segment.text
        return self._published(answer, prepared.repeat_key, LaterError) if answer and same else None

    def _looked_up(self, key: str) -> dict[str, Json] | None:
        """The record under a key, None where there is none. A refusal to look says nothing about the post."""
        params = {"repo": self._did, "collection": POST, "rkey": key}
        try:
            return self._session.get("com.atproto.repo.getRecord", params)
        except RefusedError as error:
            if error.code == "RecordNotFound":
                return None
            refusal = error
        raise LaterError(refusal.message, code=refusal.code)

    def repeat_is_harmless(self, first_sent_at: datetime, latest_arrival: datetime) -> bool:
        """Always: the key is ours and the record stays the same."""
        return True

    def delete(self, remote_id: str) -> None:
        """Takes a post or a repost down. One that is gone already is no error (PDS 0.5.35, tried 2026-11-24)."""
        _author, collection, key = _parts(remote_id)
        self._session.post("com.atproto.repo.deleteRecord", {"repo": self._did, "collection": collection, "rkey": key})

    def reshare(self, remote_id: str) -> Published:
        """Reposts, under the key that the post itself has: sent twice it is one repost. Asked for by `at://` address."""
        author, collection, key = _parts(remote_id)
        asked = {"repo": author, "collection": collection, "rkey": key}
        subject = {"uri": remote_id, "cid": self._session.get("com.atproto.repo.getRecord", asked).get("cid")}
        record = {"$type": REPOST, "subject": subject, "createdAt": _now()}
        body = {"repo": self._did, "collection": REPOST, "rkey": key, "record": record}
        answer = self._session.post_once("com.atproto.repo.putRecord", body, self.send_seconds)
        uri, cid = answer.get("uri"), answer.get("cid")
        if uri != f"at://{self._did}/{REPOST}/{key}":
            raise UnclearError("The server's answer names another record or none.", code="unreadable")
        return Published(uri, f"https://bsky.app/profile/{author}/post/{key}", {"uri": uri, "cid": cid})

    def metrics(self, remote_id: str) -> Metrics:
        """As Bluesky's own index counts them, which the account's server asks; quotes count as shares. Without views:
        nobody counts them."""
        posts = self._session.get("app.bsky.feed.getPosts", {"uris": remote_id}).get("posts")
        told = posts[0] if isinstance(posts, list) and posts and isinstance(posts[0], dict) else None
        if told is None:
            raise LaterError("Bluesky does not show this post now.", code="not-shown")
        likes, replies, reposts, quotes = (
            _count(told, name) for name in ("likeCount", "replyCount", "repostCount", "quoteCount")
        )
        return Metrics(likes=likes, shares=None if reposts is None else reposts + (quotes or 0), replies=replies)

    def _upload(self, picture: Picture, progress: dict[str, Json], keep: Keep) -> None:
        blobs = progress.setdefault("blobs", {})
        done = blobs.get(picture.digest)
        if done and time.time() - done["at"] < BLOB_LIFE:
            return
        answer = self._session.post("com.atproto.repo.uploadBlob", data=picture.read(), kind=picture.content_type)
        if not isinstance(answer.get("blob"), dict):
            raise LaterError("The server took a picture and named no blob.", code="unreadable")
        blobs[picture.digest] = {"blob": answer["blob"], "at": time.time()}
        keep(progress, repeat_key=progress["key"])

    def _record(self, segment: Segment, progress: Mapping[str, Json], reply_to: ReplyTo | None) -> dict[str, Json]:
        record: dict[str, Json] = {"$type": POST, "text": segment.text, "createdAt": progress["created_at"]}
        if segment.language:
            record["langs"] = [segment.language]
        if found := facets(segment.text, self._dids(segment)):
            record["facets"] = found
        if segment.pictures:
            images = [_image(picture, progress["blobs"][picture.digest]["blob"]) for picture in segment.pictures]
            record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        if reply_to:
            record["reply"] = {"root": dict(reply_to.root.ref), "parent": dict(reply_to.parent.ref)}
        return record

    def _dids(self, segment: Segment) -> dict[str, str]:
        """Handle → DID of who is mentioned; who cannot be resolved stays plain text."""
        dids = known(segment.mentions)
        for handle in handles(segment.text):
            if bare(handle) not in dids:
                dids[bare(handle)] = self._resolved(handle)
        return dids

    def _resolved(self, handle: str) -> str:
        try:
            did = self._session.get("com.atproto.identity.resolveHandle", {"handle": handle.lower()}).get("did")
        except RefusedError:
            return ""
        return did if isinstance(did, str) else ""

    def _uri(self, key: str) -> str:
        return f"at://{self._did}/{POST}/{key}"

    def _published(
        self, answer: Mapping[str, Json], key: str, problem: type[UnclearError | LaterError] = UnclearError
    ) -> Published:
        """The address by DID, which stays when the handle changes."""
        uri, cid = answer.get("uri"), answer.get("cid")
        if uri != self._uri(key) or not isinstance(cid, str):
            raise problem("The server's answer names another record or none.", code="unreadable")
        return Published(uri, f"https://bsky.app/profile/{self._did}/post/{key}", {"uri": uri, "cid": cid})


def _begun(kept: Mapping[str, Json], keep: Keep) -> dict[str, Json]:
    """What was kept, with a key and a time of creation, chosen and kept before anything else."""
    progress = json.loads(json.dumps(dict(kept)))
    if "key" not in progress:
        progress |= {"key": new_tid(), "created_at": _now()}
        keep(progress, repeat_key=progress["key"])
    return dict(progress)


def _now() -> str:
    """This moment as records hold it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _parts(remote_id: str) -> tuple[str, str, str]:
    """Author, collection and key of a record's address. Raises RefusedError where it is none."""
    parts = remote_id.removeprefix("at://").split("/")
    if len(parts) != 3 or not remote_id.startswith("at://"):
        raise RefusedError("This is not the address of a post on Bluesky (at://…).", code="not-a-post")
    return parts[0], parts[1], parts[2]


def _count(told: Mapping[str, Json], name: str) -> int | None:
    value = told.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _fingerprint(segment: Segment, reply_to: ReplyTo | None) -> str:
    """Of what the record was made: a record kept for a text that was edited since must not go out."""
    pictures = [[picture.digest, picture.alt] for picture in segment.pictures]
    mentions = [[mention.handle, mention.remote_id] for mention in segment.mentions]
    reply = [dict(reply_to.root.ref), dict(reply_to.parent.ref)] if reply_to else []
    made_of = [segment.text, segment.language, pictures, mentions, reply]
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


def _image(picture: Picture, blob: Json) -> Json:
    ratio = {"width": picture.width, "height": picture.height}
    return {"image": blob, "alt": picture.alt, "aspectRatio": ratio}
