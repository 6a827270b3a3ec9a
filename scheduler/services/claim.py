"""Claiming: a free channel whose turn has come, and its earliest item, in one transaction."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.actors import CHORUS
from scheduler import clock, steps
from scheduler.models import Channel, ScheduledItem
from scheduler.services import gates, transition
from scheduler.services.change import end
from scheduler.services.schedule import hold
from scheduler.states import State


@dataclass(frozen=True)
class Claim:
    """What a worker holds: the item, its fence, and its own monotonic clock at the last renewal of the lease."""

    item_id: int
    fence: int
    renewed: float

    def time_left(self) -> float:
        """Seconds of the lease by this process's own clock, which no adjustment of the host's clock moves."""
        return float(settings.PUBLISH_LEASE - (time.monotonic() - self.renewed))


def claim_next() -> Claim | None:
    """Takes the next due item for this worker, or None. Whatever stands at the head of the line and must not go out
    (too late, a gate closed) is put aside in the same transaction, so that no head is picked for ever."""
    started = time.monotonic()
    with transaction.atomic():
        channel = (
            Channel.objects.due().select_for_update(skip_locked=True, of=("self",)).order_by("next_due", "pk").first()
        )
        if channel is None:
            return None
        item = _first_that_may_go(channel)
        if item is None:
            transition.set_next_due(channel)
            return Claim(0, 0, started)
        _take(item)
    steps.reached(steps.AFTER_CLAIM, item.pk)
    return Claim(item.pk, item.fence, started)


def _first_that_may_go(channel: Channel) -> ScheduledItem | None:
    now = clock.now()
    while item := _head(channel):
        item.channel = channel
        if item.next_try_at > now:
            return None
        if item.expires_at < now:
            end(item, State.MISSED, "item:missed", actor=CHORUS, facts={"last_error": item.last_error})
        elif closed := gates.first_closed(item):
            hold(item, closed)
        else:
            return item
    return None


def _head(channel: Channel) -> ScheduledItem | None:
    return ScheduledItem.objects.of_channel_in_turn(channel).select_for_update(of=("self",)).first()


def _take(item: ScheduledItem) -> None:
    now = clock.now()
    item.channel.busy_item = item
    item.channel.last_claimed_at = now
    fence = item.fence + 1
    lease = now + timedelta(seconds=settings.PUBLISH_LEASE)
    transition.move(item, State.PUBLISHING, "item:claimed", facts={"fence": fence}, fence=fence, lease_until=lease)
