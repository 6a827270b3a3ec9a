"""Keyset pages of items in order of time: the next page begins behind the last item, so that no page counts rows."""

from datetime import datetime

from django.db.models import Q

from scheduler.models import ScheduledItem
from scheduler.models.item import ScheduledItemQuerySet


def page_of(items: ScheduledItemQuerySet, size: int) -> tuple[list[ScheduledItem], str]:
    """The first `size` of the items, and the cursor of the page behind them; empty where there is none."""
    found = list(items[: size + 1])
    shown = found[:size]
    return shown, f"{shown[-1].due_at.isoformat()}_{shown[-1].pk}" if len(found) > size else ""


def after(items: ScheduledItemQuerySet, cursor: str, *, descending: bool = False) -> ScheduledItemQuerySet:
    """The items behind the cursor; a cursor that nobody made here is the same as none. They must be ordered by
    `due_at` and `pk`, both ascending or both descending."""
    moment, _, number = cursor.partition("_")
    try:
        at, pk = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return items
    if at.tzinfo is None or not 0 <= pk < 2**63:
        return items
    if descending:
        return items.filter(Q(due_at__lt=at) | Q(due_at=at, pk__lt=pk))
    return items.filter(Q(due_at__gt=at) | Q(due_at=at, pk__gt=pk))
