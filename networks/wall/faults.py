"""What the wall can be told to do wrong, for tests and rehearsals: faults wait in a line, each for the next posts."""

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from networks.wall.exchange import Manner, ProblemError, Reply, as_html, as_json
from networks.wall.reading import read_object, read_text, refuse

MANNERS: Mapping[str, Manner] = {
    "error_after": "whole",
    "hang_after": "hang",
    "drop_after": "drop",
    "hide_after": "drop",
    "half": "half",
    "drip_after": "drip",
    "huge_after": "huge",
    "accept_slowly": "whole",
}
"""Faults where the post is accepted, and how the answer leaves then."""

KINDS = frozenset({"refuse", "limit", "token", "error_before", "html", "redirect", *MANNERS})
FIELDS = frozenset({"kind", "times", "account", "network", "seconds"})


@dataclass(frozen=True)
class Fault:
    """One thing to do wrong, `times` times, to posts of this account and network (empty: to any).

    `hide_after` cuts the line and does not show the post to whoever reads back; it stands on the page all the same.
    `seconds` is how long `accept_slowly` waits before it accepts; it accepts even if the client has left by then.
    """

    kind: str
    times: int = 1
    account: str = ""
    network: str = ""
    seconds: float = 0.0

    def concerns(self, network: str, account: str) -> bool:
        """Whether a post of this account is hit."""
        return self.account in ("", account) and self.network in ("", network)

    @property
    def hides(self) -> bool:
        """Whether the post that is accepted is not shown to whoever reads back."""
        return self.kind == "hide_after"

    def instead(self, path: str, token: str) -> Reply | None:
        """The answer of a fault that accepts nothing; None for one that accepts. Raises ProblemError."""
        match self.kind:
            case "refuse":
                raise refuse("The wall was told to refuse this post.")
            case "limit":
                raise ProblemError(429, "The wall was told to limit this account.", {"Retry-After": "60"})
            case "token":
                # Some networks repeat the token in what they say: the adapter must not pass that on.
                raise ProblemError(401, f"The wall was told to forget the token {token}.")
            case "error_before":
                return as_json({"error": "The wall was told to fail before it accepted."}, 500)
            case "html":
                return as_html("<!doctype html><title>The wall</title><p>The wall was told to answer with a page.")
            case "redirect":
                return as_json({"error": "The wall was told to send you round."}, 307, {"Location": path})
        return None

    def after(self, accepted: Reply) -> Reply:
        """What is answered once the post was accepted."""
        if self.kind == "error_after":
            return as_json({"error": "The wall was told to fail after it accepted."}, 500)
        return replace(accepted, manner=MANNERS[self.kind])


class Faults:
    """The line of faults. It lives in memory: a wall that is started again does nothing wrong."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: list[Fault] = []
        self._hidden: frozenset[int] = frozenset()

    def add(self, fault: Fault) -> None:
        """Puts a fault at the end of the line."""
        with self._lock:
            self._line.append(fault)

    def clear(self) -> None:
        """Forgets them all, and hides nothing any more."""
        with self._lock:
            self._line.clear()
            self._hidden = frozenset()

    def hide(self, number: int) -> None:
        """From now on this post is not shown to whoever reads back."""
        with self._lock:
            self._hidden |= {number}

    @property
    def hidden(self) -> frozenset[int]:
        """The posts that are not shown to whoever reads back."""
        return self._hidden

    def take(self, network: str, account: str) -> Fault | None:
        """The first fault that concerns this account, used up once."""
        with self._lock:
            for place, fault in enumerate(self._line):
                if fault.concerns(network, account):
                    self._line[place : place + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                    return fault
        return None

    def as_list(self) -> list[dict[str, Any]]:
        """What still waits, in order."""
        with self._lock:
            return [asdict(fault) for fault in self._line]


def read_fault(body: bytes) -> Fault:
    """A fault from its JSON. Raises ProblemError."""
    fields = read_object(body, FIELDS)
    kind = read_text(fields, "kind")
    if kind not in KINDS:
        raise refuse(f"«kind» is one of {', '.join(sorted(KINDS))}.")
    return Fault(
        kind,
        int(_number(fields, "times", 1, 1, 1_000_000)),
        read_text(fields, "account", empty=True),
        read_text(fields, "network", empty=True),
        _number(fields, "seconds", 0.0, 0.0, 120.0),
    )


def _number(fields: Mapping[str, Any], name: str, default: float, least: float, most: float) -> float:
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise refuse(f"«{name}» is not a number from {least:g} to {most:g}.")
    return value
