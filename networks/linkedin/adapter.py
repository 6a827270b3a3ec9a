"""Publishing on a LinkedIn organisation page. There is no key against a second post, but a second one with the same
text is refused and the refusal names the first.
"""

import time
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import quote

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
from networks.errors import LaterError, RefusedError, UnclearError
from networks.linkedin.little import little, plain
from networks.linkedin.session import POST_URN, Session, address_of

CLOCKS_APART = timedelta(seconds=60)

LOOKED_THROUGH = 50
"""Posts of the page that one read-back reads."""

TRIES = 3
"""How often an uploaded picture is asked after within one preparation."""

PICTURE_LIFE = 24 * 3600.0
"""Seconds for which an upload is trusted to wait for its post; no document says how long it may (UNVERIFIED)."""


class LinkedInAdapter(Adapter):
    """One page. `on_refresh` is given new credentials at once; `pause` is how long to wait for a picture, in seconds."""

    capabilities = frozenset({"delete", "reshare", "metrics"})
    send_seconds = SEND_TIMEOUT
    pause = 1.0

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, str],
        on_refresh: Callable[[Mapping[str, str]], None] | None = None,
    ) -> None:
        self._session = Session(base_url, credentials, on_refresh)
        self._page = credentials["organization"]

    def whoami(self) -> Account:
        return page_of(self._session.ask("GET", f"/rest/organizations/{self._page.rpartition(':')[2]}").json())

    def refresh(self) -> Mapping[str, str] | None:
        """Renews the token if it ends within ten minutes."""
        self._session.renew_in_time()
        return self._session.renewed

    def prepare(self, segment: Segment, kept: Mapping[str, Json], keep: Keep, reply_to: ReplyTo | None) -> Prepared:
        """Uploads each picture once and waits until LinkedIn has looked at it."""
        self._session.renew_in_time()
        pictures: dict[str, Json] = {digest: dict(one) for digest, one in kept.get("pictures", {}).items()}
        keep({"pictures": pictures})
        for picture in segment.pictures:
            done = pictures.get(picture.digest)
            if not done or time.time() - done["at"] > PICTURE_LIFE:
                pictures[picture.digest] = {"urn": self._upload(picture), "at": time.time()}
                keep({"pictures": pictures})
        for picture in segment.pictures:
            self._await(pictures[picture.digest]["urn"])
        return Prepared({"pictures": pictures})

    def publish(self, segment: Segment, prepared: Prepared, reply_to: ReplyTo | None) -> Published:
        """The post's URN stands in a header; the body is empty."""
        post = self._post(little(segment.text, segment.mentions))
        if segment.pictures:
            post["content"] = _content(segment, prepared.kept["pictures"])
        return self._sent(post)

    def find(
        self,
        segment: Segment,
        prepared: Prepared,
        since: datetime,
        parent: Published | None,
        exclude: frozenset[str],
    ) -> Published | CannotTellType | None:
        """Looks through the page's newest posts."""
        earliest = (since - CLOCKS_APART).timestamp() * 1000
        posts = self._newest()
        mine = [post for post in posts if _moment(post) >= earliest]
        for post in reversed(mine):
            if str(post.get("id")) not in exclude and _same(segment.text, str(post.get("commentary", ""))):
                return _published(str(post["id"]))
        return CANNOT_TELL if len(mine) == LOOKED_THROUGH else None

    def delete(self, remote_id: str) -> None:
        """LinkedIn answers the same for a post that is gone already."""
        self._session.ask("DELETE", f"/rest/posts/{quote(remote_id, safe='')}", restli="DELETE", expect=(404,))

    def reshare(self, remote_id: str) -> Published:
        return self._sent({**self._post(""), "reshareContext": {"parent": remote_id}})

    def metrics(self, remote_id: str) -> Metrics:
        kind = "ugcPosts" if ":ugcPost:" in remote_id else "shares"
        page, post = quote(self._page, safe=""), quote(remote_id, safe="")
        asked = f"q=organizationalEntity&organizationalEntity={page}&{kind}=List({post})"
        told = self._session.ask("GET", f"/rest/organizationalEntityShareStatistics?{asked}", restli="FINDER").json()
        elements = told.get("elements")
        numbers = elements[0].get("totalShareStatistics", {}) if isinstance(elements, list) and elements else {}
        # A post that nobody has seen yet has no line: LinkedIn tells nothing then, not 0.
        return Metrics(
            likes=numbers.get("likeCount"),
            shares=numbers.get("shareCount"),
            replies=numbers.get("commentCount"),
            views=numbers.get("impressionCount"),
        )

    def _post(self, commentary: str) -> dict[str, Json]:
        return {
            "author": self._page,
            "commentary": commentary,
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }

    def _sent(self, post: Mapping[str, Json]) -> Published:
        answer = self._session.post_once("/rest/posts", dict(post), self.send_seconds)
        urn = answer.headers.get("x-restli-id", "")
        if answer.status != 201 or not POST_URN.fullmatch(urn):
            raise UnclearError(f"{answer.request}: the answer ({answer.status}) names no post.", code="unreadable")
        return _published(urn)

    def _newest(self) -> list[dict[str, Json]]:
        page = quote(self._page, safe="")
        asked = f"q=author&author={page}&count={LOOKED_THROUGH}&sortBy=LAST_MODIFIED"
        try:
            told = self._session.ask("GET", f"/rest/posts?{asked}", restli="FINDER").json()
        except RefusedError as error:  # a refusal to look says nothing about the post
            raise LaterError(error.message, code=error.code) from error
        elements = told.get("elements")
        if not isinstance(elements, list):
            raise LaterError("LinkedIn's answer holds no list of posts.", code="unreadable")
        return [post for post in elements if isinstance(post, dict) and POST_URN.fullmatch(str(post.get("id")))]

    def _upload(self, picture: Picture) -> str:
        """The URN of an uploaded picture: its bytes go in one piece, since later pieces would overwrite earlier ones."""
        body = {"initializeUploadRequest": {"owner": self._page}}
        told = self._session.ask("POST", "/rest/images?action=initializeUpload", json=body).json().get("value")
        if not isinstance(told, dict) or not str(told.get("image", "")).startswith("urn:li:image:"):
            raise LaterError("LinkedIn named no place for a picture.", code="unreadable")
        self._session.put(str(told.get("uploadUrl", "")), picture.read(), picture.content_type)
        return str(told["image"])

    def _await(self, urn: str) -> None:
        """Raises LaterError while LinkedIn is still looking at the picture, RefusedError where it will not have it."""
        for number in range(TRIES):
            status = self._session.ask("GET", f"/rest/images/{quote(urn, safe='')}").json().get("status")
            if status == "AVAILABLE":
                return
            if status == "PROCESSING_FAILED":
                raise RefusedError("LinkedIn could not read one of the pictures.", code="PROCESSING_FAILED")
            if number + 1 < TRIES:
                time.sleep(self.pause)
        raise LaterError("LinkedIn is still looking at a picture.", wait=15.0, code="picture-processing")


def page_of(told: Mapping[str, Json]) -> Account:
    """The page of an answer of /rest/organizations. Raises LaterError where it names none."""
    number, name = told.get("id"), told.get("localizedName")
    if not isinstance(number, int | str) or not isinstance(name, str):
        raise LaterError("LinkedIn named no page.", code="unreadable")
    public = told.get("vanityName") or number
    return Account(f"urn:li:organization:{number}", name, f"https://www.linkedin.com/company/{public}/")


def _content(segment: Segment, kept: Mapping[str, Json]) -> dict[str, Json]:
    images = [_image(kept[picture.digest]["urn"], picture.alt) for picture in segment.pictures]
    return {"media": images[0]} if len(images) == 1 else {"multiImage": {"images": images}}


def _image(urn: str, alt: str) -> dict[str, Json]:
    return {"id": urn} | ({"altText": alt} if alt.strip() else {})


def _published(urn: str) -> Published:
    return Published(urn, address_of(urn))


def _moment(post: Mapping[str, Json]) -> float:
    """When it was made, in milliseconds of Unix time."""
    made = post.get("createdAt", post.get("publishedAt"))
    return float(made) if isinstance(made, int | float) else 0.0


def _same(text: str, commentary: str) -> bool:
    return _folded(text) == _folded(plain(commentary))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
