"""What goes to a network and what comes back: plain frozen data, no models."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Json = Any
"""Anything the json module writes and reads back unchanged."""


@dataclass(frozen=True)
class Picture:
    """A picture as it will be sent. `read` gives its bytes when they are needed; `digest` is their SHA-256 in hex.

    `public_url(width, height)` gives an address, good for an hour, at which a network can fetch the picture as a JPEG
    in a frame of that many pixels; None where no network could reach this installation.
    """

    digest: str
    content_type: str
    width: int
    height: int
    size: int
    alt: str
    read: Callable[[], bytes] = field(repr=False, compare=False)
    public_url: Callable[[int, int], str] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Mention:
    """A target's handle as it stands in a text, and the network's own id for it where we know one (a DID, a URN)."""

    handle: str
    remote_id: str = ""


@dataclass(frozen=True)
class Segment:
    """One irreversible call: the exact text and pictures of one part of a thread, or of a whole post.

    `language` is BCP 47; `position` counts from 0 to `of - 1`. `warning` is the content warning people read first.
    """

    text: str
    language: str
    pictures: tuple[Picture, ...] = ()
    mentions: tuple[Mention, ...] = ()
    position: int = 0
    of: int = 1
    warning: str = ""


@dataclass(frozen=True)
class Published:
    """The network's word that a segment is out. `ref` is what a reply to it needs (Bluesky: uri and cid)."""

    remote_id: str
    url: str
    ref: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class ReplyTo:
    """The first part of a thread and the part just before this one."""

    root: Published
    parent: Published


@dataclass(frozen=True)
class Prepared:
    """What `prepare` leaves for `publish`: JSON only, so that it survives a crash. `repeat_key` as kept, or empty."""

    kept: Mapping[str, Json] = field(default_factory=dict)
    repeat_key: str = ""


@dataclass(frozen=True)
class Account:
    """Whom a credential belongs to, as the network says: its own id, the name people read, the public address."""

    remote_id: str
    name: str
    url: str = ""


Capability = Literal["delete", "reshare", "metrics"]


@dataclass(frozen=True)
class Metrics:
    """A post's numbers as the network tells them; None where it does not tell."""

    likes: int | None = None
    shares: int | None = None
    replies: int | None = None
    views: int | None = None


Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """What a check found in a text: an `error` blocks scheduling, a `warning` may be accepted with a reason.

    `code` is stable (`text-too-long`), `message` a whole sentence in English that names the number and the limit.
    """

    severity: Severity
    code: str
    message: str


class CannotTellType:
    """The one value that `find` returns where the network gives no way to know."""

    def __repr__(self) -> str:
        return "CANNOT_TELL"


CANNOT_TELL = CannotTellType()
