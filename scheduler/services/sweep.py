"""The sweep: the safety net under the signals, and the repair of what drifted."""

import logging
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet

from accounts.actors import CHORUS
from scheduler import clock
from scheduler.models import Channel, ScheduledItem
from scheduler.services import gates, spool, transition
from scheduler.services.change import end, reopen
from scheduler.states import WAITS_FOR_A_LINK, HoldReason, State

log = logging.getLogger(__name__)

STEP = 200


def sweep() -> None:
    """Replays spooled outcomes, looks at held items again, ends what is too late, repairs channels."""
    spool.replay()
    look_again_at_held()
    repair_channels()


def look_again_at_held(**narrowed: Any) -> int:  # noqa: ANN401 - lookups of one model
    """Looks at the gates of held items again (all, or those that `narrowed` filters); returns how many moved on."""
    held = ScheduledItem.objects.filter(state=State.HELD, **narrowed)
    return sum(_look_again(pk) for pk in held.values_list("pk", flat=True).iterator(STEP))


def look_again_at_planned(**narrowed: Any) -> int:  # noqa: ANN401 - as above
    """Holds what is scheduled and has a gate closed now. The claim reads the gates too; this is so that people see
    it at once."""
    planned = ScheduledItem.objects.filter(state=State.SCHEDULED, **narrowed)
    return sum(_look_again(pk) for pk in planned.values_list("pk", flat=True).iterator(STEP))


def _look_again(item_id: int) -> int:
    with transition.locked(item_id) as item:
        if item.state not in {State.HELD, State.SCHEDULED} or item.hold_reason == HoldReason.CHECKS:
            return 0
        before = item.state
        reopen(item, CHORUS)
        if item.state == State.HELD and _is_too_late(item):
            end(item, State.MISSED, "item:missed", actor=CHORUS, facts={"reason": item.hold_reason})
    return int(item.state != before)


def _is_too_late(item: ScheduledItem) -> bool:
    return item.hold_reason not in WAITS_FOR_A_LINK and gates.expires(item) < clock.now()


def repair_channels() -> int:
    """Puts right a channel whose next turn is wrong, or that is busy with nothing; says so, for it should not happen."""
    return sum(_repair(pk) for pk in list(_drifted().values_list("pk", flat=True)))


def _drifted() -> QuerySet[Channel]:
    """Channels busy with something that is not going out, and free ones whose turn is another than it should be."""
    should = transition.turn(OuterRef("pk"), OuterRef("not_before"), OuterRef("last_claimed_at"))
    wrong = ~Q(next_due=F("should")) | Q(next_due=None, should__isnull=False) | Q(next_due__isnull=False, should=None)
    idle = Q(busy_item__isnull=False) & ~Q(busy_item__state=State.PUBLISHING)
    return Channel.objects.annotate(should=should).filter(idle | (Q(busy_item=None) & wrong))


def _repair(channel_id: int) -> int:
    with transaction.atomic():
        channel = Channel.objects.select_for_update().select_related(None).get(pk=channel_id)
        if not _drifted().filter(pk=channel_id).exists():  # it was on its way somewhere when we looked
            return 0
        if channel.busy_item is not None and channel.busy_item.state != State.PUBLISHING:
            channel.busy_item = None
        transition.set_next_due(channel)
    log.warning("Channel %s was put right by the sweep.", channel_id)
    return 1
