"""Why an item stands where it stands, in a sentence for people.

The sentence is written once, in English, by whichever process closed the gate, and read by people of many languages:
so it is translated where it is read. One that holds names and numbers is known again by the pattern it was made from.
"""

import re
from datetime import datetime
from functools import cache

from django.utils.formats import date_format
from django.utils.translation import gettext

from scheduler.models import ScheduledItem
from scheduler.services.budget import USED_UP
from scheduler.services.gates import EMBARGO, LINK_EMPTY, NETWORK_PAUSED
from scheduler.services.similar import TOO_SIMILAR

PATTERNS = (NETWORK_PAUSED, EMBARGO, LINK_EMPTY, USED_UP, TOO_SIMILAR)


def why_held(item: ScheduledItem) -> str:
    """The sentence of the gate that holds the item, as it was when it closed, in the reader's language; empty if it is
    not held."""
    return retold(item.hold_detail or item.get_hold_reason_display())


def retold(sentence: str) -> str:
    """The sentence of a gate in the reader's language; as it is where it comes from elsewhere."""
    for pattern in PATTERNS:
        found = _matcher(pattern).fullmatch(sentence)
        if found:
            return gettext(pattern) % _in_words(found.groupdict())
    return gettext(sentence) if sentence else ""


def _in_words(values: dict[str, str]) -> dict[str, str]:
    """With the moment of an embargo (UTC, «2026-11-27 08:00») as the reader's language writes it."""
    try:
        until = datetime.fromisoformat(values["until"])
    except (KeyError, ValueError):
        return values
    return values | {"until": f"{date_format(until, 'PLAIN_DAY_YEAR')}, {until:%H:%M}"}


@cache
def _matcher(pattern: str) -> re.Pattern[str]:
    """What a pattern with %(name)s makes, each name a group."""
    parts = re.split(r"%\((\w+)\)s", pattern)
    named = [f"(?P<{part}>.+)" if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    return re.compile("".join(named), re.DOTALL)
