"""What people do to a draft: change it, and give it its turn. Making one is in schedule.py, deleting it in change.py."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from scheduler.models import ScheduledItem
from scheduler.services import gates, transition
from scheduler.services.change import as_seen
from scheduler.services.schedule import Wish, checked, give_turn, planned_facts, still_ahead, when
from scheduler.states import State

DRAFT = frozenset({State.DRAFT})


def change_draft(item_id: int, wall: datetime, accepted: str, version: int, actor: Actor) -> ScheduledItem:
    """Another proposed time (naive wall time of the channel's organisation) and reason; it stays a draft. Raises
    ConflictError where somebody was first."""
    with as_seen(item_id, version, DRAFT) as item:
        columns = _set(item, when(wall, item.channel) | {"accepted_warnings": accepted[:300]})
        columns["expires_at"] = gates.expires(item)
        transition.move(item, State.DRAFT, "item:drafted", actor=actor, facts=planned_facts(item), **columns)
    return item


def schedule_draft(item_id: int, wall: datetime, accepted: str, version: int, actor: Actor) -> ScheduledItem:
    """The draft gets its turn, with the text as it is now and after the same checks as any plan. Raises ScheduleError
    with the field that is wrong, ConflictError where somebody was first."""
    with as_seen(item_id, version, DRAFT) as item:
        wish = Wish(item.post, item.channel, item.language, wall, accepted, item.occurrence)
        revision, columns = checked(wish), still_ahead(wish)
        columns |= {"accepted_warnings": accepted[:300], "revision": revision, "scheduled_by": actor.id}
        give_turn(item, actor, **_set(item, columns))
    return item


def _set(item: ScheduledItem, columns: dict[str, Any]) -> dict[str, Any]:
    """Sets them on the object, for what is reckoned from them, and gives them back to be stored."""
    for name, value in columns.items():
        setattr(item, name, value)
    return columns
