"""After a restore: nothing that may have gone out since the backup goes out again before an admin has looked."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import User
from accounts.permissions import Action, can_anywhere
from scheduler.models import ScheduledItem
from scheduler.services import gates, outcome, transition
from scheduler.services.change import reopen
from scheduler.services.schedule import hold
from scheduler.states import ENDED, HoldReason, State

GOES_ON = frozenset({State.SCHEDULED, State.HELD})


def mark_all() -> int:
    """Marks every item that has not ended as restored, and holds what would go out; returns how many. Call it in the
    transaction of the restore, before any worker runs."""
    open_ones = ScheduledItem.objects.exclude(state__in=ENDED).order_by("pk").values_list("pk", flat=True)
    return sum(1 for pk in list(open_ones) if _mark(pk))


def _mark(item_id: int) -> bool:
    with transition.locked(item_id) as item:
        item.is_restored = True
        item.save(update_fields=["is_restored"])
        if item.state == State.PUBLISHING:
            outcome.reap_one(item)  # whoever held it is not coming back: what was sent is looked for on the network
        elif item.state == State.WAITING:
            transition.move(item, State.SCHEDULED, "item:restored")  # somebody may have posted it since
        if item.state in GOES_ON and (closed := gates.first_closed(item.pk)):
            hold(item, closed)
        else:
            transition.note(item, "item:restored")
    return True


def waiting_for(user: User) -> QuerySet[ScheduledItem]:
    """Restored items that wait for a word, for who may give it: a coordinator's admin. In order of their time."""
    items = ScheduledItem.objects.filter(is_restored=True).exclude(state__in=ENDED)
    return items.for_lists().order_by("due_at", "pk") if can_anywhere(user, Action.OPERATE) else items.none()


def release(item_ids: Iterable[int], actor: Actor) -> int:
    """Says of each that it has not gone out since the backup; returns how many were released. It goes on as it would
    have: by its gates, and not at all if its time is over."""
    return sum(_release(pk, actor) for pk in item_ids)


def _release(item_id: int, actor: Actor) -> int:
    with transition.locked(item_id) as item:
        if not item.is_restored:
            return 0
        item.is_restored = False
        item.save(update_fields=["is_restored"])
        transition.note(item, "item:not_out_since_backup", actor=actor)
        if item.state == State.HELD and item.hold_reason == HoldReason.RESTORED:
            reopen(item, actor)
    return 1
