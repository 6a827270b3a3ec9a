"""A network in memory, which remembers every acceptance and answers what it is told to."""

from collections.abc import Mapping
from datetime import datetime

from networks.base import Adapter, Keep
from networks.content import CANNOT_TELL, Account, CannotTellType, Json, Prepared, Published, ReplyTo
from networks.content import Segment as Part
from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError, UnclearError
from tests.faults.evidence import mark_of
from tests.faults.oracle import Post

GOOD, RESET = "good", "reset after accepting"
ERRORS: dict[str, NetworkError] = {
    "refused": RefusedError("no"),
    "rate limit": LaterError("soon", wait=60.0),
    "rate limit of the channel": LaterError("soon", wait=60.0, of="channel"),
    "time-out": UnclearError("lost on the way there"),
    "signed out": ReconnectError("sign in again"),
}
"""Answers after which nothing was accepted."""
ANSWERS = (GOOD, RESET, *ERRORS)


class MemoryNetwork(Adapter):
    """One account. A `blind` one cannot be read back. It gives its `answers` in turn, the last one for ever."""

    def __init__(self, account: str, *, blind: bool) -> None:
        self.account, self.blind = account, blind
        self.answers: tuple[str, ...] = (GOOD,)
        self.accepted: list[tuple[str, str, str | None]] = []

    def posts(self) -> tuple[Post, ...]:
        """What it accepted, as the oracle takes it."""
        return tuple(Post(remote_id, self.account, mark_of(text)) for remote_id, text, _ in self.accepted)

    def whoami(self) -> Account:
        """Nobody asks."""
        return Account("1", "memory")

    def prepare(self, segment: Part, kept: Mapping[str, Json], keep: Keep, reply_to: ReplyTo | None) -> Prepared:
        """Nothing to prepare."""
        return Prepared()

    def publish(self, segment: Part, prepared: Prepared, reply_to: ReplyTo | None) -> Published:
        """Does what it was told to."""
        answer, *others = self.answers
        self.answers = tuple(others) or (answer,)
        if error := ERRORS.get(answer):
            raise error
        remote_id = f"{self.account}.{len(self.accepted) + 1}"
        self.accepted.append((remote_id, segment.text, reply_to and reply_to.parent.remote_id))
        if answer == RESET:
            raise UnclearError("lost on the way back")
        return self._published(remote_id)

    def find(
        self, segment: Part, prepared: Prepared, since: datetime, parent: Published | None, exclude: frozenset[str]
    ) -> Published | CannotTellType | None:
        """By exact text and parent."""
        if self.blind:
            return CANNOT_TELL
        wanted = (segment.text, parent and parent.remote_id)
        found = (post[0] for post in self.accepted if post[1:] == wanted and post[0] not in exclude)
        return next((self._published(remote_id) for remote_id in found), None)

    @staticmethod
    def _published(remote_id: str) -> Published:
        return Published(remote_id, f"https://memory.example/{remote_id}")
