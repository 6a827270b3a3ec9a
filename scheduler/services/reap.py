"""The reaper: items whose worker did not come back in time."""

from django.db import transaction

from scheduler import clock
from scheduler.models import Channel, PublishAttempt, ScheduledItem
from scheduler.services import outcome
from scheduler.services.worker import is_gone
from scheduler.states import State


def reap() -> int:
    """Moves every item whose lease is over; returns how many. Skips what somebody holds locked at this moment."""
    over = ScheduledItem.objects.filter(state=State.PUBLISHING, lease_until__lt=clock.Now())
    return sum(_reap(pk, channel) for pk, channel in over.values_list("pk", "channel_id"))


def _reap(item_id: int, channel_id: int) -> int:
    with transaction.atomic():
        channel = Channel.objects.select_for_update(skip_locked=True).filter(pk=channel_id).first()
        item = (
            ScheduledItem.objects.select_for_update(skip_locked=True)
            .filter(pk=item_id, state=State.PUBLISHING, lease_until__lt=clock.Now())
            .first()
        )
        if channel is None or item is None:
            return 0
        item.channel = channel
        outcome.reap_one(item)
    return 1


def note_gone_senders() -> int:
    """Writes on open attempts of this host whose process is gone that nothing of them will arrive any more."""
    gone = 0
    unknown = PublishAttempt.objects.filter(sender_done_at=None, sent_at__isnull=False)
    for attempt in unknown:
        if is_gone(attempt):
            gone += PublishAttempt.objects.filter(pk=attempt.pk, sender_done_at=None).update(sender_done_at=clock.now())
    return gone
