"""The queue: an organisation's items, day by day, in its own time zone."""

from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import in_organisation, person
from accounts.models import Organisation, User
from accounts.permissions import Action, can
from scheduler import clock
from scheduler.models import ScheduledItem
from scheduler.models.item import ScheduledItemQuerySet
from scheduler.states import ENDED
from scheduler.views.paging import after, page_of
from scheduler.views.rows import Rows

PAGE = 30


@in_organisation(Action.READ)
def queue(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """What is coming up or not settled, the earliest first; `?show=done` has what has ended, the newest first."""
    done = request.GET.get("show") == "done"
    items = _done(request, organisation) if done else _coming(request, organisation)
    shown, behind = page_of(after(items, request.GET.get("after", ""), descending=done), PAGE)
    context = {
        "organisation": organisation,
        "days": Rows(person(request), organisation).days(shown),
        "done": done,
        "after": behind,
        "is_first": not request.GET.get("after"),
    }
    return render(request, "scheduler/queue.html", context)


def own_items(user: User, organisation: Organisation) -> ScheduledItemQuerySet:
    """The organisation's items, for a person who may read there; nobody else's question meets any."""
    items = ScheduledItem.objects.filter(channel__organisation=organisation)
    return items if can(user, Action.READ, organisation) else items.none()


def _today(organisation: Organisation) -> date:
    return clock.now().astimezone(organisation.zone).date()


def _coming(request: HttpRequest, organisation: Organisation) -> ScheduledItemQuerySet:
    items = own_items(person(request), organisation).for_rows()
    return items.filter(Q(due_local_date__gte=_today(organisation)) | ~Q(state__in=ENDED)).order_by("due_at", "pk")


def _done(request: HttpRequest, organisation: Organisation) -> ScheduledItemQuerySet:
    return own_items(person(request), organisation).for_rows().filter(state__in=ENDED).order_by("-due_at", "-pk")
