"""Record keys of the AT Protocol: a moment and a clock's number in 13 characters that sort by time."""

import re
import secrets
import time

_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"

TID = re.compile(r"[234567a-j][234567a-z]{12}")
"""atproto.com, Timestamp Identifiers, read 2026-11-23."""


def new_tid() -> str:
    """A key of this microsecond. The clock's number is random, so that two workers do not choose the same one."""
    return tid(time.time_ns() // 1000, secrets.randbelow(1024))


def tid(microseconds: int, clock: int) -> str:
    """The key of a moment (since 1970, 53 bits) on a clock (10 bits)."""
    number = (microseconds & (1 << 53) - 1) << 10 | clock & 1023
    return "".join(_LETTERS[number >> shift & 31] for shift in range(60, -1, -5))
