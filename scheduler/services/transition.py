"""The only writer of an item's state. Always the channel's lock before the item's."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import BigAutoField, CharField, DateTimeField, F, Subquery
from django.db.models.functions import Coalesce, Greatest

from accounts.actors import CHORUS, Actor
from campaign import statements
from campaign.statements import Change, Changed, Given, Question, changed
from scheduler import clock
from scheduler.models import Channel, ScheduledItem
from scheduler.services import log
from scheduler.states import EDGES, State


class ForbiddenMoveError(Exception):
    """There is no way from one state to the other: a fault in our code, never a person's."""


_ID = BigAutoField()
LOCKED = Question[ScheduledItem](
    # PostgreSQL locks a row's tables in the order in which they are named here.
    lambda: (
        ScheduledItem.objects.filter(pk=Given("item", _ID))
        .select_related("channel")
        .select_for_update(of=("channel", "self"))
    )
)


_MOMENT = DateTimeField()


def turn(channel: Any, not_before: Any, last_claimed_at: Any) -> Subquery:  # noqa: ANN401 - columns or given values
    """max(the earliest try of the channel's scheduled items, not_before, last_claimed_at), or nothing if nothing is
    scheduled. `last_claimed_at` gives every channel its turn."""
    first = F("next_try_at")
    latest = Greatest(first, Coalesce(not_before, first), Coalesce(last_claimed_at, first))
    return Subquery(ScheduledItem.objects.of_channel_in_turn(channel).values(turn=latest)[:1])


SET_TURN = Change(
    lambda: (
        Channel.objects.filter(pk=Given("pk", _ID)),
        {
            "next_due": turn(Given("pk", _ID), Given("not_before", _MOMENT), Given("last_claimed_at", _MOMENT)),
            "busy_item": Given("busy_item_id", _ID),
            "not_before": Given("not_before", _MOMENT),
            "last_claimed_at": Given("last_claimed_at", _MOMENT),
            "health": Given("health", CharField()),
            "health_note": Given("health_note", CharField()),
        },
    )
)


@contextmanager
def locked(item_id: int) -> Iterator[ScheduledItem]:
    """The item, fresh, with its channel and itself locked until the block's transaction ends."""
    with transaction.atomic():
        found = LOCKED.with_more(item=item_id)
        if found is None:
            raise ScheduledItem.DoesNotExist(f"There is no item {item_id}.")
        item, columns = found
        item.channel = statements.from_row(Channel, columns)
        yield item


def move(
    item: ScheduledItem,
    to: State,
    verb: str,
    *,
    actor: Actor = CHORUS,
    facts: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
    along: Sequence[Changed] = (),
    **columns: Any,  # noqa: ANN401 - the item's own columns
) -> None:
    """Moves a locked item (see `locked`) along an edge, writes the line of the log, frees the channel where the item
    leaves publishing, and sets the channel's next turn. `columns` are set on the item in the same statement, and what was
    changed `along` with it; nothing else of the item is stored."""
    came_from = State(item.state)
    if to not in EDGES[came_from]:
        raise ForbiddenMoveError(f"Item {item.pk}: {came_from} → {to}")
    columns = {**_cleared(to), **columns, "state": to, "version": item.version + 1}
    for name, value in columns.items():
        setattr(item, name, value)
    log.append(item, log.Line(verb, actor, facts or {}, body or {}), state_from=came_from)
    if to is State.PUBLISHING:
        keep(item, *columns, along=[*along, *_occupied(item)])
    else:
        keep(item, *columns, along=along)
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


def keep(item: ScheduledItem, *columns: str, along: Sequence[Changed] = ()) -> None:
    """Stores what was said about a locked item, and the given columns, where no move follows; and what was changed
    `along` with it."""
    log.store(item, changed(item, "log_head", "log_count", *columns), *along)


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


def _occupied(item: ScheduledItem) -> list[Changed]:
    """A busy channel has no turn, so its next one is reckoned when it is free again."""
    item.channel.busy_item = item
    item.channel.last_claimed_at = clock.now()
    return [changed(item.channel, "busy_item", "last_claimed_at")]


def _free(item: ScheduledItem, came_from: State) -> None:
    if came_from is State.PUBLISHING and item.state != State.PUBLISHING and item.channel.busy_item_id == item.pk:
        item.channel.busy_item = None


def set_next_due(channel: Channel) -> None:
    """Writes the channel's turn, and what the caller changed of its waiting and health, after its items changed.
    The object does not learn the new turn."""
    SET_TURN.run(
        pk=channel.pk, busy_item_id=channel.busy_item_id, not_before=channel.not_before,
        last_claimed_at=channel.last_claimed_at, health=channel.health, health_note=channel.health_note,
    )  # fmt: skip
