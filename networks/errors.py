"""What can go wrong with a network, sorted by what must happen next. Every adapter speaks only these."""

from typing import Literal


class NetworkError(Exception):
    """A failure whose consequence is known. `code` is short and stable, `message` is redacted and at most 300 chars."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message[:300])
        self.message = message[:300]
        self.code = code


class RefusedError(NetworkError):
    """The network read it and will not have it: failed, a person edits."""


class LaterError(NetworkError):
    """Nothing was sent; try again after `wait` seconds. `of` says who waits: the whole channel, or this item only.

    `wait=None` asks for the usual back-off (30 s doubling to 15 min).
    """

    def __init__(
        self, message: str, *, wait: float | None = None, of: Literal["channel", "item"] = "item", code: str = ""
    ) -> None:
        super().__init__(message, code=code)
        self.wait = wait
        self.of: Literal["channel", "item"] = of


class ReconnectError(NetworkError):
    """The credential is dead or lacks a right; nothing was sent. The channel is held until somebody reconnects it."""


class DuplicateError(NetworkError):
    """The network says that it has this post already. `url` and `remote_id` are given where it names the post."""

    def __init__(self, message: str, *, url: str = "", remote_id: str = "", code: str = "") -> None:
        super().__init__(message, code=code)
        self.url = url
        self.remote_id = remote_id


class UnclearError(NetworkError):
    """The call began and no definite answer came. It may be out: never repeated blindly."""
