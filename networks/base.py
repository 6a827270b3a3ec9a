"""The contract of a network (its rules) and of an adapter (its calls)."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Protocol

from networks.content import (
    Account,
    CannotTellType,
    Capability,
    Finding,
    Json,
    Metrics,
    Prepared,
    Published,
    ReplyTo,
    Segment,
)
from networks.prices import Price


@dataclass(frozen=True)
class Limits:
    """What one post may hold, as the network counts. Sizes are bytes, lengths are in the network's own `unit`.

    `source` names the document a number comes from and the day it was read.
    """

    text: int
    unit: str
    source: str
    text_bytes: int | None = None
    pictures: int = 4
    picture_bytes: int = 5_000_000
    picture_types: tuple[str, ...] = ("image/jpeg", "image/png")
    picture_required: bool = False
    picture_ratio: tuple[float, float] | None = None
    alt: int = 1000
    hashtags: int | None = None
    mentions: int | None = None
    thread: bool = False
    warning: bool = False
    """Whether a post may carry a content warning that people read before the text."""


@dataclass(frozen=True)
class ApiVersion:
    """The version of an API that an adapter speaks, and the first day on which the network may refuse it.

    `source` names the document that says so and the day it was read.
    """

    version: str
    ends: date
    source: str


class Network(ABC):
    """A network's rules: what fits, how it counts, how a thread is cut, where a person posts by hand."""

    slug: ClassVar[str]
    name: ClassVar[str]
    icon: ClassVar[str]
    """The name of its icon in bootstrap-icons."""
    limits: Limits
    adapter: ClassVar[str] = ""
    """Dotted path `module:Class` of the adapter; empty where only posting by hand and the wall exist yet."""
    connector: ClassVar[str] = ""
    """Dotted path `module:Class` of the connector (networks/connecting.py); empty where no account can be connected."""
    api_version: ClassVar[ApiVersion | None] = None
    """Only where the network ends its versions: a system check warns before it does."""
    fetches_pictures: ClassVar[bool] = False
    """Whether it fetches pictures from a public address of ours, so that an installation without one cannot publish."""
    price: ClassVar[Price | None] = None
    """What a post by the API costs, where the network asks money for it."""

    @abstractmethod
    def measure(self, text: str) -> int:
        """The length of `text` as this network counts it, in `limits.unit`."""

    @abstractmethod
    def split(self, text: str, warning: str = "") -> list[str]:
        """The parts of a thread, each within the limit, with words, links, hashtags and mentions whole. Every part carries
        the content `warning`, where the network has one: a part may be read alone.

        A text that fits comes back as one part. Raises ValueError on a network without threads if it does not fit,
        and everywhere if one word alone is longer than a part may be.
        """

    @abstractmethod
    def fits(self, text: str) -> bool:
        """Whether `text` is within every length limit of one post (Bluesky has two)."""

    def warning_length(self, warning: str) -> int:
        """What a content warning takes of the text's limit; 0 where the network has no field for one."""
        return 0

    def holds(self, text: str, warning: str) -> bool:
        """Whether the text fits together with its content warning."""
        room = self.warning_length(warning)
        return self.fits(text) and (not room or self.measure(text) + room <= self.limits.text)

    @abstractmethod
    def check(self, segment: Segment) -> list[Finding]:
        """What the network would refuse (`error`) or spoil (`warning`) in this part, before anything is sent."""

    @abstractmethod
    def composer_url(self, text: str) -> str:
        """Where a person posts this by hand: the network's own composer, filled in where the network allows it."""

    def with_limits(self, told: Mapping[str, Json]) -> "Network":
        """These rules with what the server of one account told of its limits (`Adapter.limits`); without any of it,
        and on a network whose limits are the same everywhere, the rules as they are."""
        return self

    def handle_text(self, handle: str) -> str:
        """A target's handle as it is written in a text on this network (`@EU_Commission`)."""
        return handle if handle.startswith(("@", "#")) else f"@{handle}"


class Keep(Protocol):
    """Stores the progress of a preparation before the next step is taken."""

    def __call__(self, kept: Mapping[str, Json], *, repeat_key: str = "") -> None:
        """Raises where the lease was lost: the adapter must let that pass through."""


class Adapter(ABC):
    """The calls to one account on one network. Made anew for each use; holds a session of its own.

    Every method raises only the errors of `networks.errors` (and lets through what `keep` raises).
    """

    reads_back: ClassVar[bool] = True
    """Whether `find` can ever tell."""
    capabilities: ClassVar[frozenset[Capability]] = frozenset()
    """Which of `delete`, `reshare` and `metrics` this network's API has."""

    @abstractmethod
    def whoami(self) -> Account:
        """The account behind the credential; a harmless call that proves it works."""

    def limits(self) -> Mapping[str, Json]:
        """What the account's own server says of its limits, for `Network.with_limits`; empty where the network has the
        same for everybody. Asked at most once a day."""
        return {}

    def refresh(self) -> Mapping[str, str] | None:
        """New credentials to store if they were renewed during this use, else None."""
        return None

    def ends_at(self) -> datetime | None:
        """When the credential ends for good unless it is renewed before (an aware UTC moment); None where the network
        named no end, or it cannot be moved by renewing."""
        return None

    @abstractmethod
    def prepare(self, segment: Segment, kept: Mapping[str, Json], keep: Keep, reply_to: ReplyTo | None) -> Prepared:
        """Uploads and containers; safe to repeat. `kept` is what earlier tries stored through `keep`."""

    @abstractmethod
    def publish(self, segment: Segment, prepared: Prepared, reply_to: ReplyTo | None) -> Published:
        """The one irreversible call. Never repeats by itself; ends within `SEND_TIMEOUT` seconds."""

    @abstractmethod
    def find(
        self,
        segment: Segment,
        prepared: Prepared,
        since: datetime,
        parent: Published | None,
        exclude: frozenset[str],
    ) -> Published | CannotTellType | None:
        """Looks for a segment that may be out: by its repeat key, else by exact text among posts after `since` (UTC).

        `exclude` are remote ids that are already ours. None means: looked, and it is not there now.
        """

    def delete(self, remote_id: str) -> None:
        """Takes a post down; one that is gone already is no error. Only with the capability «delete»."""
        raise NotImplementedError

    def reshare(self, remote_id: str) -> Published:
        """Shows somebody's post to our own followers. Only with the capability «reshare»."""
        raise NotImplementedError

    def metrics(self, remote_id: str) -> Metrics:
        """The numbers of a post now. Only with the capability «metrics»."""
        raise NotImplementedError

    def repeat_is_harmless(self, first_sent_at: datetime, latest_arrival: datetime) -> bool:
        """Whether sending the same prepared segment again, arriving at `latest_arrival` at the latest, cannot make
        a second post."""
        return False


SEND_TIMEOUT = 30.0
"""Seconds after which `publish` has ended, whatever the network does."""
