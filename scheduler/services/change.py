"""What people do to a planned item: move it, cancel it, publish it now, confirm its text."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import Actor
from campaign import statements
from scheduler import clock
from scheduler.models import PublishAttempt, ScheduledItem
from scheduler.services import gates, transition
from scheduler.services.errors import ConflictError, ScheduleError
from scheduler.services.schedule import hold, when
from scheduler.services.sentences import retold
from scheduler.states import Outcome, State

MOVABLE = frozenset({State.SCHEDULED, State.HELD, State.FAILED, State.MISSED, State.WAITING, State.PARTIAL})
"""A draft is not among them: it gets its turn in draft.py, through the checks that it has not passed yet."""
CANCELLABLE = frozenset({State.DRAFT, State.SCHEDULED, State.HELD, State.FAILED, State.MISSED, State.WAITING})


@contextmanager
def as_seen(item_id: int, version: int, allowed: frozenset[State]) -> Iterator[ScheduledItem]:
    """The locked item if it is still as the person saw it and in one of the `allowed` states. Raises ConflictError."""
    with transition.locked(item_id) as item:
        if item.version != version:
            raise ConflictError(
                _("Somebody changed this meanwhile. Here it is as it stands now; nothing of yours was done.")
            )
        if State(item.state) not in allowed:
            said = _("This is «%(state)s» now, so it cannot be changed this way any more.")
            raise ConflictError(said % {"state": item.get_state_display()})
        yield item


def move_to(item_id: int, wall: datetime, version: int, actor: Actor) -> ScheduledItem:
    """Gives the item another time (naive wall time of the channel's organisation)."""
    with as_seen(item_id, version, MOVABLE) as item:
        columns = when(wall, item.channel)
        if columns["due_at"] < clock.now():
            raise ScheduleError(_("This time is in the past. Choose a later one."), "time")
        facts = {"from": item.due_at.isoformat(), "to": columns["due_at"].isoformat()}
        _plan_again(item, "item:moved", actor, facts, columns)
    return item


def publish_now(item_id: int, version: int, actor: Actor) -> ScheduledItem:
    """Makes it due at this moment, never before the channel may speak again. A closed gate answers with itself."""
    with as_seen(item_id, version, MOVABLE - {State.WAITING}) as item:
        closed = gates.first_closed(item.pk)
        if closed:
            raise ConflictError(_("It cannot go out now: %(why)s") % {"why": retold(closed.sentence)})
        local = clock.now().astimezone(item.channel.organisation.zone)
        columns = when(local.replace(tzinfo=None), item.channel)
        _plan_again(item, "item:moved", actor, {"to": columns["due_at"].isoformat(), "now": True}, columns)
    return item


def _plan_again(item: ScheduledItem, verb: str, actor: Actor, facts: dict[str, Any], chosen: dict[str, Any]) -> None:
    for name, value in chosen.items():
        setattr(item, name, value)
    if not has_attempts(item):
        item.segments.all().delete()  # a new time is a new preparation: record keys carry their moment
    to = State.HELD if item.state == State.HELD else State.SCHEDULED
    held: dict[str, Any] = {"hold_reason": item.hold_reason, "hold_detail": item.hold_detail}
    columns = chosen | {"expires_at": gates.expires(item), "tries": 0, "lost_claims": 0, "last_error": ""}
    if to is State.HELD:
        columns |= held
    transition.move(item, to, verb, actor=actor, facts=facts, **columns)
    if to is State.SCHEDULED and (closed := gates.first_closed(item.pk)):
        hold(item, closed)


def cancel(item_id: int, version: int, actor: Actor) -> ScheduledItem:
    """Takes it out of the plan. What may be out, or is out in part, is never called cancelled."""
    with as_seen(item_id, version, CANCELLABLE) as item:
        end(item, State.CANCELLED, "item:cancelled", actor=actor)
    return item


def end(item: ScheduledItem, to: State, verb: str, *, actor: Actor, facts: dict[str, Any] | None = None) -> None:
    """Ends a locked item as cancelled, failed or missed; with an attempt open it is unresolved instead, with a part
    out partial, because then the plain word would be a lie."""
    columns: dict[str, Any] = {}
    if has_open_attempt(item):
        to, columns = State.UNRESOLVED, {"next_look_at": clock.now(), "looks": 0}
    elif item.segments.filter(published_at__isnull=False).exists():
        to = State.PARTIAL
    transition.move(item, to, verb, actor=actor, facts=facts, **columns)


def still_right(item_id: int, version: int, actor: Actor) -> ScheduledItem:
    """Pins the text as it is now. Raises ScheduleError if it is not approved or does not fit."""
    with as_seen(item_id, version, frozenset({State.HELD, State.SCHEDULED})) as item:
        translation = item.revision.translation
        translation.refresh_from_db()
        item.revision = translation.words
        if not has_attempts(item):
            item.segments.all().delete()
        statements.update(statements.changed(item, "revision"))
        reopen(item, actor, "item:confirmed")
    return item


def reopen(item: ScheduledItem, actor: Actor, verb: str = "item:released") -> None:
    """Looks at the gates of a locked planned item again: on to scheduled, or held for what is closed now."""
    closed = gates.first_closed(item.pk)
    if closed is not None:
        if item.state != State.HELD or item.hold_reason != closed.reason or verb != "item:released":
            hold(item, closed)
        return
    if item.state == State.HELD or verb != "item:released":
        transition.move(item, State.SCHEDULED, verb, actor=actor, expires_at=gates.expires(item))


def has_attempts(item: ScheduledItem) -> bool:
    """Whether any try was begun: then the frozen text stays for ever."""
    return PublishAttempt.objects.filter(segment__item=item).exists()


def has_open_attempt(item: ScheduledItem) -> bool:
    """Whether something was sent that has no definite end."""
    sent = PublishAttempt.objects.filter(segment__item=item, sent_at__isnull=False)
    return sent.filter(outcome__in=["", Outcome.UNCLEAR], segment__published_at=None).exists()
