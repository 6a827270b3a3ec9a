"""What the Graph API's codes mean for us, in one table for Facebook and Instagram.

Codes: developers.facebook.com, Graph API, Handle errors, and Instagram Platform, Error codes (of 2026-06-02), both read
2026-11-23. Codes are compared as numbers: other tools look for them inside the text and take a time for an error.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from networks.content import Json
from networks.errors import (
    DuplicateError,
    LaterError,
    NetworkError,
    ReconnectError,
    RefusedError,
    UnclearError,
)
from networks.http import WAIT_LIMIT, retry_after

Kind = Literal["dead", "rights", "blocked", "limit", "day", "soon", "duplicate", "passing", "doubt", "refused"]

USUAL_WAIT = 900.0
"""Seconds to wait after a limit where no header says it: Meta counts over a rolling hour."""
A_DAYS_LIMIT = 3600.0
"""Seconds after which a used-up day's limit is asked again: it is a rolling day, so some of it frees each hour."""
SOON = 60.0
"""Seconds; Meta advises to ask a container once a minute."""

_CODES: dict[int, Kind] = {
    **dict.fromkeys((102, 190, 463, 467), "dead"),
    **dict.fromkeys((3, 10, 25, *range(200, 300)), "rights"),
    **dict.fromkeys((4, 17, 32, 341, 613, *range(80000, 80015)), "limit"),
    368: "blocked",
    506: "duplicate",
    **dict.fromkeys((1, 2, -1, -2), "passing"),
}
_SUBCODES: dict[int, Kind] = {
    # «Action blocked»: other tools saw it on posts that were in fact published (postiz-app #1681), so it proves nothing.
    2207051: "doubt",
    2207042: "day",
    1366046: "refused",  # a picture that is too large comes as code 1, which would be tried for ever
    2207027: "soon",
    2207050: "rights",
    2207006: "passing",
    2207052: "passing",
    **dict.fromkeys((2207001, 2207003, 2207020, 2207032, 2207053), "passing"),
}
_NOT_THERE = (100, 33)
"""«The object does not exist, or a permission is missing»: for the account itself that is a lost right."""


@dataclass(frozen=True)
class Told:
    """The `error` of an answer: numbers, Meta's own words (redacted), and whether it says that it may pass."""

    code: int | None
    subcode: int | None
    words: str
    transient: bool = False

    @classmethod
    def of(cls, error: Mapping[str, Json], words: str) -> "Told":
        """What an `error` object says; `words` are its message, made safe to show."""
        return cls(
            _number(error.get("code")), _number(error.get("error_subcode")), words, bool(error.get("is_transient"))
        )

    @property
    def name(self) -> str:
        """`100/33`: short and stable, for a log."""
        return f"{self.code}/{self.subcode}" if self.subcode else str(self.code)


def kind_of(told: Told) -> Kind:
    """What an error means: by its subcode, else its code, else whether Meta calls it transient."""
    if (told.code, told.subcode) == _NOT_THERE:
        return "rights"
    by_subcode = _SUBCODES.get(told.subcode) if told.subcode is not None else None
    by_code = _CODES.get(told.code) if told.code is not None else "passing"  # without a number it proves nothing
    return by_subcode or by_code or ("passing" if told.transient else "refused")


def error_of(told: Told, headers: Mapping[str, str], now: float, *, irreversible: bool) -> NetworkError:
    """The error of ours; `now` is Unix time. What may have been carried out all the same is unclear where it matters."""
    kind, code = kind_of(told), told.name
    message = f"{_SENTENCES[kind]} «{told.words}» ({code})".strip()
    if kind in _UNSURE:
        unclear = UnclearError(message, code=code)
        return unclear if irreversible else LaterError(message, wait=_UNSURE[kind], code=code)
    if kind in _WAITS:
        wait = _WAITS[kind] or usage_wait(headers, now)
        return LaterError(message, wait=wait, of="item" if kind == "soon" else "channel", code=code)
    return _CERTAIN.get(kind, RefusedError)(message, code=code)


_UNSURE: dict[Kind, float | None] = {"passing": None, "doubt": USUAL_WAIT}
_WAITS: dict[Kind, float | None] = {"limit": None, "day": A_DAYS_LIMIT, "soon": SOON}
_CERTAIN: dict[Kind, type[NetworkError]] = {
    "dead": ReconnectError,
    "rights": ReconnectError,
    "blocked": ReconnectError,
    "duplicate": DuplicateError,
}
_SENTENCES: dict[Kind, str] = {
    "dead": "Meta does not take this connection any more; connect the account again.",
    "rights": "A permission or a role on the Page is missing; look at the account at Meta, then connect it again.",
    "blocked": "Meta has blocked posting on this account; look into its support inbox, then connect it again.",
    "limit": "Meta's limit for this account is reached; it goes on by itself.",
    "day": "Instagram takes no more posts of this account for today; it goes on by itself.",
    "soon": "Instagram has not finished the pictures; it goes on by itself.",
    "duplicate": "Meta says that this has been posted already; look at the account, then edit the text or leave it.",
    "passing": "Meta had a fault of its own.",
    "doubt": "Meta says that it held the action back, which has been said of posts that were out.",
    "refused": "Meta refused this; change what it names and try again.",
}


def usage_wait(headers: Mapping[str, str], now: float) -> float:
    """Seconds to wait after a limit: what Retry-After says, else the longest «time to regain access» (minutes) of
    X-Business-Use-Case-Usage, else USUAL_WAIT (X-App-Usage only says how full it is)."""
    told = retry_after(headers, now)
    minutes = max(_minutes(headers.get("X-Business-Use-Case-Usage", "")), default=0.0)
    return min(told or minutes * 60 or USUAL_WAIT, WAIT_LIMIT)


def _minutes(header: str) -> list[float]:
    """Every estimate in the header: `{"<account>": [{"estimated_time_to_regain_access": 5, …}]}`."""
    try:
        by_account = json.loads(header)
    except ValueError:
        return []
    lists = by_account.values() if isinstance(by_account, dict) else []
    uses = [use for one in lists if isinstance(one, list) for use in one if isinstance(use, dict)]
    found = [use.get("estimated_time_to_regain_access") for use in uses]
    return [float(one) for one in found if isinstance(one, int | float) and one > 0]


def _number(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
