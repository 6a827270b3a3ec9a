"""Publishing on X. There is no key against a second post: what is unclear is looked for among the account's own posts,
which costs money for each post that is read.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import requests
import tweepy

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
from networks.errors import LaterError, ReconnectError, RefusedError, UnclearError
from networks.x.matching import answers, same_text
from networks.x.session import TWEEPY_HOST, Fields, Session

MEDIA_LIFE = 20 * 3600.0
"""Seconds for which an upload is trusted to wait for its post; X keeps it 24 hours (docs.x.com, Media, read
2026-11-23)."""

CLOCKS_APART = timedelta(seconds=60)

MOST_READ = 100
"""Posts that one read-back may return, and be paid for; only those since the attempt are asked for."""

FIELD_NAMES = ("post.fields", "tweet.fields")
"""How the parameter is called: first as in the OpenAPI description 2.167, then as in the older pages and in tweepy.
UNVERIFIED which of them X's servers take today, so the other is tried where the first is refused."""


class XAdapter(Adapter):
    """One account. `on_refresh` is given new credentials at once."""

    capabilities = frozenset({"delete", "reshare", "metrics"})
    send_seconds = SEND_TIMEOUT

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, str],
        on_refresh: Callable[[Mapping[str, str]], None] | None = None,
    ) -> None:
        self._session = Session(base_url, credentials, on_refresh)
        self._user_id, self._username = credentials["user_id"], credentials["username"]

    def whoami(self) -> Account:
        return account_of(self._session.ask(lambda client: client.get_me(user_auth=False)))

    def refresh(self) -> Mapping[str, str] | None:
        """Renews the tokens if the access token ends within ten minutes."""
        self._session.renew_in_time()
        return self._session.renewed

    def prepare(self, segment: Segment, kept: Mapping[str, Json], keep: Keep, reply_to: ReplyTo | None) -> Prepared:
        """Uploads each picture and tells its alt text, each once: both are kept as soon as they are done."""
        self._session.renew_in_time()
        media: dict[str, Json] = {digest: dict(one) for digest, one in kept.get("media", {}).items()}
        keep({"media": media})  # proves that the lease is still ours before anything costs money
        for picture in segment.pictures:
            done = media.get(picture.digest)
            if not done or time.time() - done["at"] > MEDIA_LIFE:
                media[picture.digest] = {"id": self._upload(picture), "at": time.time(), "alt": ""}
                keep({"media": media})
            if picture.alt.strip() and media[picture.digest]["alt"] != picture.alt:
                self._describe(media[picture.digest]["id"], picture.alt)
                media[picture.digest]["alt"] = picture.alt
                keep({"media": media})
        return Prepared({"media": media})

    def publish(self, segment: Segment, prepared: Prepared, reply_to: ReplyTo | None) -> Published:
        media = prepared.kept.get("media", {})
        call = partial(
            _create,
            text=segment.text,
            media_ids=[media[picture.digest]["id"] for picture in segment.pictures] or None,
            parent=reply_to.parent.remote_id if reply_to else None,
        )
        told = self._session.ask_once(call, self.send_seconds).get("data")
        if not isinstance(told, dict) or not str(told.get("id", "")).isdecimal():
            raise UnclearError("X's answer names no post.", code="unreadable")
        return self._published(str(told["id"]))

    def find(
        self,
        segment: Segment,
        prepared: Prepared,
        since: datetime,
        parent: Published | None,
        exclude: frozenset[str],
    ) -> Published | CannotTellType | None:
        """Looks through the account's posts since then; each post that X returns is paid for."""
        asked = {
            "max_results": MOST_READ,
            "start_time": (since - CLOCKS_APART).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "exclude": "retweets",
        }
        try:
            told = self._read(f"/2/users/{self._user_id}/tweets", "created_at,entities", asked)
        except RefusedError as error:  # a refusal to look says nothing about the post
            raise LaterError(error.message, code=error.code) from error
        wanted = parent.remote_id if parent else ""
        for post in reversed(_posts(told)):
            replied = answers(post)
            if post["id"] not in exclude and same_text(segment.text, post) and replied in (wanted, None):
                return self._published(str(post["id"]))
        more = isinstance(told.get("meta"), dict) and told["meta"].get("next_token")
        return CANNOT_TELL if more else None

    def delete(self, remote_id: str) -> None:
        try:
            self._session.ask(lambda client: client.delete_tweet(remote_id, user_auth=False))
        except RefusedError as error:
            if error.code not in ("http-404", "resource-not-found"):
                raise

    def reshare(self, remote_id: str) -> Published:
        """A repost has no life of its own on X: it is named by the post that it shows."""
        route, body = f"/2/users/{self._user_id}/retweets", {"tweet_id": remote_id}
        told = self._session.ask_once(lambda client: client.request("POST", route, json=body), self.send_seconds)
        data = told.get("data")
        if not isinstance(data, dict) or data.get("retweeted") is not True:
            raise UnclearError("X's answer does not say that the post was shared.", code="unreadable")
        return Published(remote_id, f"https://x.com/i/web/status/{remote_id}")

    def metrics(self, remote_id: str) -> Metrics:
        told = self._read(f"/2/tweets/{remote_id}", "public_metrics").get("data")
        numbers = told.get("public_metrics") if isinstance(told, dict) else None
        if not isinstance(numbers, dict):
            raise LaterError("X tells no numbers for this post.", code="unreadable")
        shares = [numbers.get("repost_count", numbers.get("retweet_count")), numbers.get("quote_count")]
        return Metrics(
            likes=_number(numbers.get("like_count")),
            shares=sum(one for one in shares if isinstance(one, int)),
            replies=_number(numbers.get("reply_count")),
            views=_number(numbers.get("impression_count")),
        )

    def _read(self, route: str, fields: str, asked: Mapping[str, Json] | None = None) -> Fields:
        """A question with the post's fields, under the name that X takes."""
        first, second = FIELD_NAMES
        try:
            return self._session.ask(
                lambda client: client.request("GET", route, params={**(asked or {}), first: fields})
            )
        except RefusedError as error:
            if first not in error.message:
                raise
        return self._session.ask(lambda client: client.request("GET", route, params={**(asked or {}), second: fields}))

    def _upload(self, picture: Picture) -> str:
        """The id of the uploaded picture; in one piece, as every picture that X takes may be."""
        try:
            told = self._session.ask(lambda client: _upload(client, picture)).get("data")
        except RefusedError as error:
            if error.code != "http-403":
                raise
            words = f"X does not let this connection upload pictures. Connect it again. {error.message}"
            raise ReconnectError(words, code="http-403") from error
        if not isinstance(told, dict) or not str(told.get("id", "")).isdecimal():
            raise LaterError("X took a picture and named none.", code="unreadable")
        return str(told["id"])

    def _describe(self, media_id: str, alt: str) -> None:
        body = {"id": media_id, "metadata": {"alt_text": {"text": alt}}}
        self._session.ask(lambda client: client.request("POST", "/2/media/metadata", json=body))

    def _published(self, remote_id: str) -> Published:
        return Published(remote_id, f"https://x.com/{self._username}/status/{remote_id}")


def account_of(told: Mapping[str, Json]) -> Account:
    """The account of an answer of /2/users/me. Raises LaterError where it names none."""
    data = told.get("data")
    if not isinstance(data, dict) or not str(data.get("id", "")).isdecimal() or not data.get("username"):
        raise LaterError("X named no account.", code="unreadable")
    return Account(str(data["id"]), f"@{data['username']}", f"https://x.com/{data['username']}")


def _create(client: tweepy.Client, *, text: str, media_ids: list[str] | None, parent: str | None) -> requests.Response:
    answer: requests.Response = client.create_tweet(
        text=text or None, media_ids=media_ids, in_reply_to_tweet_id=parent, user_auth=False
    )
    return answer


def _upload(client: tweepy.Client, picture: Picture) -> requests.Response:
    """tweepy 4.17 has no call for it, and its `request` sends no files."""
    answer: requests.Response = client.session.request(
        "POST",
        f"{TWEEPY_HOST}/2/media/upload",
        data={"media_category": "tweet_image"},
        files={"media": ("picture", picture.read(), picture.content_type)},
        headers={"Authorization": f"Bearer {client.bearer_token}"},
    )
    return answer


def _posts(told: Mapping[str, Json]) -> list[Fields]:
    data = told.get("data")
    return [post for post in data if isinstance(post, dict) and "id" in post] if isinstance(data, list) else []


def _number(value: Json) -> int | None:
    return value if isinstance(value, int) else None
