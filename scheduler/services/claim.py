"""Claiming: a free channel whose turn has come, and its earliest item, in one transaction."""

import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import BigAutoField, DateTimeField

from accounts.actors import CHORUS
from campaign.statements import Given, Question
from scheduler import clock, steps
from scheduler.models import Channel, ScheduledItem
from scheduler.services import gates, transition
from scheduler.services.change import end
from scheduler.services.gate_facts import Facts, with_facts
from scheduler.services.schedule import hold
from scheduler.states import State


@dataclass(frozen=True)
class Claim:
    """What a worker holds: the item, its fence, and its own monotonic clock at the last renewal of the lease."""

    item_id: int
    fence: int
    renewed: float
    taken: "Taken | None" = field(default=None, repr=False, compare=False)
    """What was claimed, as it was read then; None where the claim is only a name for it."""

    def time_left(self) -> float:
        """Seconds of the lease by this process's own clock, which no adjustment of the host's clock moves."""
        return float(settings.PUBLISH_LEASE - (time.monotonic() - self.renewed))


NEXT_CHANNEL = Question[Channel](
    lambda: (
        Channel.objects.due(Given("now", DateTimeField()))
        .select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        .order_by("next_due", "pk")[:1]
    )
)
HEAD = Question[ScheduledItem](
    lambda: with_facts(
        ScheduledItem.objects.of_channel_in_turn(Given("channel", BigAutoField())).select_for_update(of=("self",))
    )[:1]
)


@dataclass(frozen=True)
class Taken:
    """A claimed item with its channel, and what the gates and the rendering ask of it."""

    item: ScheduledItem
    facts: Facts


def claim_next() -> Claim | None:
    """Takes the next due item for this worker, or None. Whatever stands at the head of the line and must not go out
    (too late, a gate closed) is put aside in the same transaction, so that no head is picked for ever."""
    started = time.monotonic()
    with transaction.atomic():
        channel = NEXT_CHANNEL.first(now=clock.now())
        if channel is None:
            return None
        taken = _first_that_may_go(channel)
        if taken is None:
            transition.set_next_due(channel)
            return Claim(0, 0, started)
        item = taken.item
        _take(item)
    steps.reached(steps.AFTER_CLAIM, item.pk)
    return Claim(item.pk, item.fence, started, taken)


def _first_that_may_go(channel: Channel) -> Taken | None:
    now = clock.now()
    while head := HEAD.with_more(channel=channel.pk, now=now):
        item, facts = head[0], Facts(*head[1])
        item.channel = channel
        if item.next_try_at > now:
            return None
        if item.expires_at < now:
            end(item, State.MISSED, "item:missed", actor=CHORUS, facts={"last_error": item.last_error})
        elif closed := gates.closed_by(facts):
            hold(item, closed)
        else:
            return Taken(item, facts)
    return None


def _take(item: ScheduledItem) -> None:
    fence = item.fence + 1
    lease = clock.now() + timedelta(seconds=settings.PUBLISH_LEASE)
    transition.move(item, State.PUBLISHING, "item:claimed", facts={"fence": fence}, fence=fence, lease_until=lease)
