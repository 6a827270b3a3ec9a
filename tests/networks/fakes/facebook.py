"""Facebook Pages: photos that wait for a post, posts, and what is refused about them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from typing import ClassVar

from PIL import Image

from networks.content import Json
from networks.text import utf16_units
from tests.networks.contract import Seen
from tests.networks.fakes.base import Request
from tests.networks.fakes.graph_spec import check_fields
from tests.networks.fakes.meta import FakeGraph, GraphError, Params

MOST_TEXT, MOST_BYTES = 63_206, 4_000_000


@dataclass
class FakePhoto:
    """An unpublished photo."""

    data: bytes
    alt: str


@dataclass
class FakePost:
    """A post of a Page."""

    message: str
    link: str = ""
    photos: tuple[str, ...] = ()
    created: datetime = field(default_factory=lambda: datetime.now(UTC))


class FakeFacebook(FakeGraph):
    """`photos` and `feed` by their ids, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.photos: dict[str, FakePhoto] = {}
        self.feed: dict[str, FakePost] = {}
        self._numbers = count(300_000_000_000_001)

    def posts(self) -> Sequence[Seen]:
        return [
            Seen(remote_id, post.message, alts=tuple(self.photos[photo].alt for photo in post.photos))
            for remote_id, post in self.feed.items()
        ]

    def irreversible(self, request: Request) -> bool:
        return request.method == "POST" and request.path.endswith("/feed")

    def kind_of(self, node: str) -> str:
        return "PagePost" if node in self.feed else super().kind_of(node)

    def add_photo(self, _node: str, params: Params) -> Json:
        data = params.get("source")
        if not isinstance(data, bytes):
            raise GraphError(324, "Missing or invalid image file")
        if len(data) > MOST_BYTES:
            raise GraphError(1, "Please reduce the amount of data", subcode=1366046, is_transient=False)
        with Image.open(BytesIO(data)) as image:
            if image.format not in ("JPEG", "PNG") or image.getexif():
                raise GraphError(324, f"This server takes no {image.format} or no EXIF")
        if params.get("published") != "false":
            raise GraphError(100, "This server takes unpublished photos alone")
        number = str(next(self._numbers))
        self.photos[number] = FakePhoto(data, str(params.get("alt_text_custom", "")))
        return {"id": number}

    def add_post(self, node: str, params: Params) -> Json:
        message, link = str(params.get("message", "")), str(params.get("link", ""))
        photos = tuple(str(one["media_fbid"]) for one in json.loads(str(params.get("attached_media", "[]"))))
        if not (message or link or photos) or utf16_units(message) > MOST_TEXT or len(photos) > 10:
            raise GraphError(100, "Invalid parameter")
        if unknown := [photo for photo in photos if photo not in self.photos]:
            raise GraphError(100, f"(#100) Invalid media ID {unknown[0]}")
        if message and any(post.message == message for post in list(self.feed.values())[-1:]):
            raise GraphError(506, "Duplicate status message", error_user_msg="You just posted this.")
        remote_id = f"{node}_{next(self._numbers)}"
        self.feed[remote_id] = FakePost(message, link, photos)
        return {"id": remote_id}

    def list_posts(self, _node: str, params: Params) -> Json:
        """Newest first, as many as asked for, and where the next list begins."""
        check_fields("PagePost", str(params["fields"]))
        start, most = int(str(params.get("after", 0))), int(str(params.get("limit", 25)))
        newest = list(reversed(self.feed.items()))
        paging: Json = {"cursors": {"after": str(start + most)}}
        if start + most < len(newest):
            paging["next"] = "https://graph.facebook.com/…"
        return {"data": [_told(*one) for one in newest[start : start + most]], "paging": paging}

    def get_post(self, node: str, params: Params) -> Json:
        check_fields("PagePost", str(params["fields"]))
        counts = {"summary": {"total_count": 3}}
        return _told(node, self.feed[node]) | {"reactions": counts, "comments": counts, "shares": {"count": 2}}

    def delete_post(self, node: str, _params: Params) -> Json:
        del self.feed[node]
        return {"success": True}

    calls: ClassVar[Mapping[tuple[str, str, str], Callable[..., Json]]] = {
        ("Page", "POST", "photos"): add_photo,
        ("Page", "POST", "feed"): add_post,
        ("Page", "GET", "published_posts"): list_posts,
        ("PagePost", "GET", "#get"): get_post,
        ("PagePost", "DELETE", "#delete"): delete_post,
    }


def _told(remote_id: str, post: FakePost) -> Json:
    shown = [{"target": {"id": photo}} for photo in post.photos]
    page, _, number = remote_id.partition("_")
    return {
        "id": remote_id,
        "created_time": post.created.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "permalink_url": f"https://www.facebook.com/{page}/posts/{number}",
        **({"message": post.message} if post.message else {}),
        **({"attachments": {"data": [{"subattachments": {"data": shown}}]}} if shown else {}),
    }
