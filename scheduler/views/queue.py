"""The queue: an organisation's items, day by day, in its own time zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import in_organisation, person
from accounts.models import Organisation, User
from accounts.permissions import Action, can
from scheduler import clock
from scheduler.models import ScheduledItem
from scheduler.models.item import ScheduledItemQuerySet
from scheduler.services.change import CANCELLABLE, MOVABLE
from scheduler.states import ENDED, HoldReason, State
from scheduler.views.paging import after, page_of

PAGE = 30
SENDABLE = MOVABLE - {State.WAITING, State.HELD}
CONFIRMABLE = frozenset({HoldReason.NEW_REVISION, HoldReason.CHECKS, HoldReason.RESTORED})
"""What holds an item until a person says that it is still right."""


@dataclass(frozen=True)
class Row:
    """An item as a line of the queue, with what this person can do about it now."""

    item: ScheduledItem
    may: bool
    message: str = ""

    @property
    def can_move(self) -> bool:
        """Whether it can get another time."""
        return self.may and self.item.state in MOVABLE

    @property
    def can_open_draft(self) -> bool:
        """Whether it is a draft that can be changed and scheduled."""
        return self.may and self.item.state == State.DRAFT

    @property
    def can_cancel(self) -> bool:
        """Whether it can be called off."""
        return self.may and self.item.state in CANCELLABLE

    @property
    def can_send(self) -> bool:
        """Whether its time can become now."""
        return self.may and self.item.state in SENDABLE

    @property
    def can_confirm(self) -> bool:
        """Whether somebody's «still right» would let it go on."""
        return self.may and self.item.state == State.HELD and self.item.hold_reason in CONFIRMABLE


@dataclass(frozen=True)
class Day:
    """The items of one day where the organisation is."""

    date: date
    rows: list[Row]


@in_organisation(Action.READ)
def queue(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """What is coming up or not settled, the earliest first; `?show=done` has what has ended, the newest first."""
    done = request.GET.get("show") == "done"
    items = _done(request, organisation) if done else _coming(request, organisation)
    shown, behind = page_of(after(items, request.GET.get("after", ""), descending=done), PAGE)
    context = {
        "organisation": organisation,
        "days": days_of(shown, organisation, person(request)),
        "done": done,
        "after": behind,
        "is_first": not request.GET.get("after"),
    }
    return render(request, "scheduler/queue.html", context)


def own_items(user: User, organisation: Organisation) -> ScheduledItemQuerySet:
    """The organisation's items, for a person who may see them, with what a line shows."""
    return ScheduledItem.objects.visible_to(user).filter(channel__organisation=organisation).for_lists()


def row_of(item: ScheduledItem, user: User, message: str = "") -> Row:
    """The item's line for this person."""
    return Row(item, can(user, Action.SCHEDULE, item.channel.organisation), message)


def days_of(items: Iterable[ScheduledItem], organisation: Organisation, user: User) -> list[Day]:
    """Lines under their days; `items` come in order of time."""
    by_day = groupby(items, key=lambda item: item.due_at.astimezone(organisation.zone).date())
    return [Day(day, [row_of(item, user) for item in group]) for day, group in by_day]


def _today(organisation: Organisation) -> date:
    return clock.now().astimezone(organisation.zone).date()


def _coming(request: HttpRequest, organisation: Organisation) -> ScheduledItemQuerySet:
    items = own_items(person(request), organisation)
    return items.filter(Q(due_local_date__gte=_today(organisation)) | ~Q(state__in=ENDED)).order_by("due_at", "pk")


def _done(request: HttpRequest, organisation: Organisation) -> ScheduledItemQuerySet:
    return own_items(person(request), organisation).filter(state__in=ENDED).order_by("-due_at", "-pk")
