"""Containers: what Instagram builds of a picture and its caption before it can be published.

Instagram fetches each picture from a public address of ours. A container waits 24 hours (developers.facebook.com,
Instagram Platform, Content publishing, read 2026-11-23); building one twice does no harm, the other one lapses.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from networks.base import Keep
from networks.content import Json, Picture, Segment
from networks.errors import DuplicateError, LaterError, NetworkError, RefusedError
from networks.instagram.shapes import Frame, frames, shape_findings
from networks.meta.client import Graph, id_of
from networks.meta.errors import Told, kind_of

POLL_WAITS = (1.0, 2.0, 3.0, 5.0, 10.0)
"""Seconds between two looks at a container. A picture is mostly finished at the first; what takes longer gives the hand
back to other channels, and the next try goes on with the same container."""
LOOK_AGAIN = 60.0
"""Seconds after which an unfinished container is looked at again, as Meta advises."""

PUBLIC_ADDRESS_NEEDED = (
    "Instagram fetches pictures from a public address, and this installation has none. Post by hand, or ask the operator "
    "to run Chorus under a public https address (CHORUS_PUBLIC_URL)."
)

_CODE = re.compile(r"\b(2207\d{3})\b")


@dataclass
class Build:
    """Builds what is still missing of one post. `progress` is kept after each step: `children` (ids by place),
    `container`, and `finished` (ids that need no further look)."""

    graph: Graph
    account: str
    keep: Keep
    progress: dict[str, Json]
    waits: tuple[float, ...] = field(default=POLL_WAITS)

    def container(self, segment: Segment) -> str:
        """The id of the finished container. Raises LaterError, RefusedError, and what `keep` raises."""
        if "container" not in self.progress:
            fields = self._whole(segment) if len(segment.pictures) == 1 else self._carousel(segment)
            self._made("container", fields)
        self._finished(str(self.progress["container"]))
        return str(self.progress["container"])

    def _whole(self, segment: Segment) -> dict[str, Json]:
        (picture,), (frame,) = segment.pictures, frames(segment.pictures)
        return {**_picture(picture, frame), "caption": segment.text}

    def _carousel(self, segment: Segment) -> dict[str, Json]:
        """A carousel of finished children, in their order."""
        children = self.progress.setdefault("children", {})
        for place, (picture, frame) in enumerate(zip(segment.pictures, frames(segment.pictures), strict=True)):
            if str(place) not in children:
                self._made(str(place), {**_picture(picture, frame), "is_carousel_item": True}, into=children)
        ids = [str(children[str(place)]) for place in range(len(segment.pictures))]
        for child in ids:
            self._finished(child)
        return {"media_type": "CAROUSEL", "children": ",".join(ids), "caption": segment.text}

    def _made(self, name: str, fields: Mapping[str, Json], into: dict[str, Json] | None = None) -> None:
        answer = self.graph.post(f"{self.account}/media", **fields)
        (self.progress if into is None else into)[name] = id_of(answer, "a picture")
        self.keep(self.progress)

    def _finished(self, container: str) -> None:
        """Waits until Instagram has built it; each look renews the lease."""
        done = self.progress.setdefault("finished", [])
        for wait in (0.0, *self.waits):
            if container in done:
                return
            time.sleep(wait)
            self.keep(self.progress)
            told = self.graph.get(container, fields="status_code,status")
            if told.get("status_code") == "FINISHED":
                done.append(container)
            elif told.get("status_code") != "IN_PROGRESS":
                self._forget()
                raise _spoilt(told)
        if container not in done:
            message = "Instagram is still working on the pictures; it goes on by itself."
            raise LaterError(message, wait=LOOK_AGAIN, code="not-finished")

    def _forget(self) -> None:
        """The next try builds everything anew."""
        self.progress.clear()
        self.keep({})


def check_pictures(segment: Segment) -> None:
    """Raises RefusedError for what cannot be made over, and where Instagram could not fetch the pictures."""
    refusals = [one for one in shape_findings(segment.pictures) if one.severity == "error"]
    if refusals:
        raise RefusedError(refusals[0].message, code=refusals[0].code)
    if not segment.pictures:
        raise RefusedError("Instagram takes no post without a picture.", code="picture-required")
    if any(picture.public_url is None for picture in segment.pictures):
        raise RefusedError(PUBLIC_ADDRESS_NEEDED, code="no-public-address")


def _picture(picture: Picture, frame: Frame) -> dict[str, Json]:
    address = picture.public_url(frame.width, frame.height) if picture.public_url else ""
    return {"image_url": address} | ({"alt_text": picture.alt} if picture.alt.strip() else {})


def _spoilt(told: Mapping[str, Json]) -> NetworkError:
    """What a container that cannot be published means; its `status` is a sentence with a subcode in it."""
    state, words = str(told.get("status_code", "")), str(told.get("status", ""))
    if state == "PUBLISHED":
        return DuplicateError("Instagram says that this post is out already; look at the account.", code="published")
    if state != "ERROR":
        return LaterError("What Instagram had prepared has lapsed; it is prepared anew.", wait=0.0, code=state.lower())
    found = _CODE.search(words)
    subcode = int(found[1]) if found else None
    message = f"Instagram could not use a picture. «{words}»"
    # Without a number nothing says that the picture is at fault, and the next try makes a new container.
    passing = subcode is None or kind_of(Told(0, subcode, words)) != "refused"
    return (LaterError if passing else RefusedError)(message, code=str(subcode or "error"))
