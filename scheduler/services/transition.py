"""The only writer of an item's state. Always the channel's lock before the item's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import BigAutoField, Subquery

from accounts.actors import CHORUS, Actor
from campaign import statements
from campaign.statements import Given, Question
from scheduler import clock
from scheduler.models import Channel, ScheduledItem
from scheduler.services import log
from scheduler.states import EDGES, State


class ForbiddenMoveError(Exception):
    """There is no way from one state to the other: a fault in our code, never a person's."""


_ID = BigAutoField()
CHANNEL_OF = Question[Channel](
    lambda: Channel.objects.select_for_update().filter(
        pk=Subquery(ScheduledItem.objects.filter(pk=Given("item", _ID)).values("channel_id"))
    )
)
ITEM = Question[ScheduledItem](lambda: ScheduledItem.objects.select_for_update().filter(pk=Given("item", _ID)))
NEXT_TRY = Question[ScheduledItem](
    lambda: ScheduledItem.objects.of_channel_in_turn(Given("channel", _ID)).values_list("next_try_at")[:1]
)


@contextmanager
def locked(item_id: int) -> Iterator[ScheduledItem]:
    """The item, fresh, with its channel and itself locked until the block's transaction ends."""
    with transaction.atomic():
        channel, item = CHANNEL_OF.first(item=item_id), ITEM.first(item=item_id)
        if channel is None or item is None:
            raise ScheduledItem.DoesNotExist(f"There is no item {item_id}.")
        item.channel = channel
        yield item


def move(
    item: ScheduledItem,
    to: State,
    verb: str,
    *,
    actor: Actor = CHORUS,
    facts: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
    **columns: Any,  # noqa: ANN401 - the item's own columns
) -> None:
    """Moves a locked item (see `locked`) along an edge, writes the line of the log, frees the channel where the item
    leaves publishing, and sets the channel's next turn. `columns` are set on the item in the same statement; nothing else of
    it is stored."""
    came_from = State(item.state)
    if to not in EDGES[came_from]:
        raise ForbiddenMoveError(f"Item {item.pk}: {came_from} → {to}")
    columns = {**_cleared(to), **columns, "state": to, "version": item.version + 1}
    for name, value in columns.items():
        setattr(item, name, value)
    log.append(item, log.Line(verb, actor, facts or {}, body or {}), state_from=came_from)
    keep(item, *columns)
    if to is State.PUBLISHING:
        _occupy(item)
    else:
        _free(item, came_from)
        set_next_due(item.channel)


def note(
    item: ScheduledItem,
    verb: str,
    *,
    facts: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
    actor: Actor = CHORUS,
) -> None:
    """A line of the log about a locked item that stays where it is."""
    say(item, verb, facts=facts, body=body, actor=actor)
    keep(item)


def keep(item: ScheduledItem, *columns: str) -> None:
    """Stores what was said about a locked item, and the given columns, where no move follows."""
    statements.update(item, "log_head", "log_count", *columns)


def say(
    item: ScheduledItem,
    verb: str,
    *,
    facts: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
    actor: Actor = CHORUS,
) -> None:
    """A line of the log to which a `move` or `keep` of the same locked item follows, which stores the item for both."""
    log.append(item, log.Line(verb, actor, facts or {}, body or {}), state_from=item.state)


def _cleared(to: State) -> dict[str, Any]:
    """What a state must not keep from the one before."""
    cleared: dict[str, Any] = {}
    if to is not State.PUBLISHING:
        cleared["lease_until"] = None
    if to is not State.HELD:
        cleared |= {"hold_reason": "", "hold_detail": ""}
    if to not in {State.UNCERTAIN, State.UNRESOLVED}:
        cleared |= {"sending_at": None, "next_look_at": None, "looks": 0, "send_again": False}
    return cleared


def _occupy(item: ScheduledItem) -> None:
    """A busy channel has no turn, so its next one is reckoned when it is free again."""
    item.channel.busy_item = item
    item.channel.last_claimed_at = clock.now()
    statements.update(item.channel, "busy_item", "last_claimed_at")


def _free(item: ScheduledItem, came_from: State) -> None:
    if came_from is State.PUBLISHING and item.state != State.PUBLISHING and item.channel.busy_item_id == item.pk:
        item.channel.busy_item = None


def next_due_of(channel: Channel) -> datetime | None:
    """max(the earliest try of its scheduled items, not_before, last_claimed_at), or None if nothing is scheduled.
    `last_claimed_at` gives every channel its turn."""
    first = NEXT_TRY.rows(channel=channel.pk)
    if not first:
        return None
    return max(moment for moment in (first[0][0], channel.not_before, channel.last_claimed_at) if moment)


def set_next_due(channel: Channel) -> None:
    """Writes the channel's turn (and what the caller changed of its waiting) after its items changed."""
    channel.next_due = next_due_of(channel)
    statements.update(channel, "next_due", "busy_item", "not_before", "last_claimed_at", "health", "health_note")
