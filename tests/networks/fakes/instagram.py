"""Instagram: containers that are built of pictures it really fetches, publishing, and what it refuses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from typing import ClassVar

import requests
from PIL import Image

from networks.content import Json
from networks.text import find_hashtags, find_mentions, utf16_units
from tests.networks.contract import Seen
from tests.networks.fakes.base import Request
from tests.networks.fakes.graph_spec import check_fields
from tests.networks.fakes.meta import FakeGraph, GraphError, Params

ACCOUNT = "178414000000001"


@dataclass
class FakeContainer:
    """`looks` left before it is finished; `status` as Instagram says it when it is no longer being built."""

    caption: str = ""
    alt: str = ""
    data: bytes = b""
    children: tuple[str, ...] = ()
    is_child: bool = False
    looks: int = 0
    code: str = "FINISHED"
    status: str = "Finished: Media has been uploaded and it is ready to be published."


@dataclass
class FakeMedia:
    """A post."""

    container: str
    caption: str
    alts: tuple[str, ...]
    created: datetime = field(default_factory=lambda: datetime.now(UTC))


class FakeInstagram(FakeGraph):
    """`looks`: how often each new container says that it is not finished. `quota`: posts a day."""

    def __init__(self) -> None:
        super().__init__()
        self.containers: dict[str, FakeContainer] = {}
        self.media: dict[str, FakeMedia] = {}
        self.looks = 0
        self.quota = 100
        self.hides = False
        self._numbers = count(17_900_000_000_000_001)

    def credentials(self) -> dict[str, str]:
        own = {"ig_id": ACCOUNT, "username": self.usernames[ACCOUNT]}
        return own | {name: value for name, value in super().credentials().items() if name != "page_id"}

    def posts(self) -> Sequence[Seen]:
        return [Seen(remote_id, one.caption, alts=one.alts) for remote_id, one in self.media.items()]

    def irreversible(self, request: Request) -> bool:
        return request.path.endswith("/media_publish")

    def kind_of(self, node: str) -> str:
        kinds = {**dict.fromkeys(self.containers, "IGContainer"), **dict.fromkeys(self.media, "IGMedia")}
        return kinds.get(node) or super().kind_of(node)

    def add_container(self, _node: str, params: Params) -> Json:
        caption = str(params.get("caption", ""))
        _check_caption(caption)
        made = FakeContainer(caption, str(params.get("alt_text", "")), looks=self.looks)
        if params.get("media_type") == "CAROUSEL":
            made.children = tuple(str(params["children"]).split(","))
            self._check_children(made.children)
        else:
            made.data = fetched(str(params.get("image_url", "")))
            made.is_child = params.get("is_carousel_item") == "true"
        number = str(next(self._numbers))
        self.containers[number] = made
        return {"id": number}

    def _check_children(self, children: tuple[str, ...]) -> None:
        known = [self.containers.get(child) for child in children]
        if not 2 <= len(children) <= 10:
            raise GraphError(100, "The number of children is not allowed", subcode=2207028)
        if not all(child and child.is_child and child.code == "FINISHED" and not child.looks for child in known):
            raise GraphError(9007, "A child is not ready", subcode=2207027)

    def get_container(self, node: str, params: Params) -> Json:
        check_fields("IGContainer", str(params["fields"]))
        one = self.containers[node]
        if one.looks:
            one.looks -= 1
            return {"id": node, "status_code": "IN_PROGRESS", "status": "In Progress: Media is still being processed."}
        return {"id": node, "status_code": one.code, "status": one.status}

    def publish(self, _node: str, params: Params) -> Json:
        number = str(params["creation_id"])
        one = self.containers.get(number)
        if one is None or one.is_child or one.code == "PUBLISHED":
            raise GraphError(24, "The requested resource does not exist", subcode=2207006)
        if one.looks or one.code != "FINISHED":
            raise GraphError(9007, "Media ID is not available", subcode=2207027)
        one.code, one.status = "PUBLISHED", "Published: Media has been published."
        alts = tuple(self.containers[child].alt for child in one.children) or (one.alt,)
        remote_id = str(next(self._numbers))
        self.media[remote_id] = FakeMedia(number, one.caption, alts)
        return {"id": remote_id}

    def limit(self, _node: str, params: Params) -> Json:
        check_fields("ContentPublishingLimitResponse", str(params["fields"]))
        config = {"quota_total": self.quota, "quota_duration": 86400}
        return {"data": [{"quota_usage": len(self.media), "config": config}]}

    def list_media(self, _node: str, params: Params) -> Json:
        check_fields("IGMedia", str(params["fields"]))
        newest = reversed(self.media.items())
        return {"data": [] if self.hides else [_told(*one) for one in newest], "paging": {"cursors": {"after": "x"}}}

    def get_media(self, node: str, params: Params) -> Json:
        check_fields("IGMedia", str(params["fields"]))
        return _told(node, self.media[node])

    def get_account(self, node: str, params: Params) -> Json:
        check_fields("IGUser", str(params["fields"]))
        return {"id": node, "username": self.usernames[node], "name": "Victim Support Test"}

    calls: ClassVar[Mapping[tuple[str, str, str], Callable[..., Json]]] = {
        ("IGUser", "POST", "media"): add_container,
        ("IGUser", "POST", "media_publish"): publish,
        ("IGUser", "GET", "media"): list_media,
        ("IGUser", "GET", "content_publishing_limit"): limit,
        ("IGUser", "GET", "#get"): get_account,
        ("IGContainer", "GET", "#get"): get_container,
        ("IGMedia", "GET", "#get"): get_media,
    }


def fetched(address: str) -> bytes:
    """The picture at an address, as Instagram takes it. Raises GraphError."""
    try:
        response = requests.get(address, timeout=5)
        response.raise_for_status()
    except requests.RequestException as error:
        raise GraphError(9004, "Only photo or video can be accepted as media type.", subcode=2207052) from error
    with Image.open(BytesIO(response.content)) as image:
        if image.format != "JPEG" or response.headers["Content-Type"] != "image/jpeg" or image.getexif():
            raise GraphError(36001, f"The image format {image.format} is not supported", subcode=2207005)
        if not 0.8 <= round(image.width / image.height, 2) <= 1.91:
            raise GraphError(36003, "The submitted image has an aspect ratio that is not allowed", subcode=2207009)
    if len(response.content) > 8_000_000:
        raise GraphError(36000, "The image is too large to download", subcode=2207004)
    return response.content


def _check_caption(caption: str) -> None:
    too_many = len(find_hashtags(caption)) > 30 or len(find_mentions(caption)) > 20
    if utf16_units(caption) > 2200 or too_many:
        raise GraphError(36004, "The submitted caption is too long", subcode=2207010)


def _told(remote_id: str, one: FakeMedia) -> Json:
    return {
        "id": remote_id,
        "caption": one.caption,
        "permalink": f"https://www.instagram.com/p/C{remote_id[-6:]}/",
        "timestamp": one.created.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "like_count": 7,
        "comments_count": 1,
    }
