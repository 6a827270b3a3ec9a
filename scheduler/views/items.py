"""What a person does to one item: move it, cancel it, publish it now, say that it is still right."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import in_organisation, person
from accounts.actors import Actor, actor_for
from accounts.models import Organisation
from accounts.permissions import Action
from scheduler.forms import MoveForm, VersionForm
from scheduler.models import ScheduledItem
from scheduler.services import change, localtime
from scheduler.services.errors import ConflictError, ScheduleError
from scheduler.views.queue import own_items
from scheduler.views.rows import Rows

Change = Callable[[int, int, Actor], ScheduledItem]


@in_organisation(Action.SCHEDULE)
@require_http_methods(["GET", "POST"])
def item_move(request: HttpRequest, organisation: Organisation, item: int) -> HttpResponse:
    """«Move to…»: the form, and what becomes of it."""
    found = own_item(request, organisation, item)
    if request.method == "GET":
        local = found.due_at.astimezone(organisation.zone)
        initial = {"day": local.date(), "time": local.time(), "version": found.version}
        return _move_page(request, found, MoveForm(organisation=organisation, initial=initial))
    form = MoveForm(request.POST, organisation=organisation)
    if not form.is_valid():
        return _move_page(request, found, form, 422)
    try:
        change.move_to(found.pk, form.wall, form.cleaned_data["version"], actor_for(person(request), organisation))
    except ScheduleError as error:
        form.blame(error.field, error.message)
        return _move_page(request, found, form, 422)
    except ConflictError as error:
        return _move_anew(request, organisation, item, error.message)
    _say(request, _("It was moved."), localtime.resolve(form.wall, organisation.time_zone).note)
    return redirect("queue", organisation.slug)


@in_organisation(Action.SCHEDULE)
@require_POST
def item_cancel(request: HttpRequest, organisation: Organisation, item: int) -> HttpResponse:
    """Calls it off."""
    return _change(request, organisation, item, change.cancel, _("It was cancelled."))


@in_organisation(Action.SCHEDULE)
@require_POST
def item_publish_now(request: HttpRequest, organisation: Organisation, item: int) -> HttpResponse:
    """Its time becomes now."""
    return _change(request, organisation, item, change.publish_now, _("Its time is now. It goes out next."))


@in_organisation(Action.SCHEDULE)
@require_POST
def item_still_right(request: HttpRequest, organisation: Organisation, item: int) -> HttpResponse:
    """A person has read the text as it stands and stays with it."""
    return _change(request, organisation, item, change.still_right, _("It goes out with the text as it is now."))


def own_item(request: HttpRequest, organisation: Organisation, item: int) -> ScheduledItem:
    """The organisation's item; 404 for everybody else."""
    return get_object_or_404(own_items(person(request), organisation).for_lists(), pk=item)


def _change(request: HttpRequest, organisation: Organisation, item: int, act: Change, done: str) -> HttpResponse:
    """Does it: 200 or a redirect, 409 if somebody was first, 422 if it cannot be done."""
    found = own_item(request, organisation, item)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _row(request, organisation, found.pk, _("This button came without its version. Try again."), 422)
    try:
        act(found.pk, form.cleaned_data["version"], actor_for(person(request), organisation))
    except ConflictError as error:
        return _row(request, organisation, found.pk, error.message, 409)
    except ScheduleError as error:
        return _row(request, organisation, found.pk, error.message, 422)
    if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        return _row(request, organisation, found.pk, done, 200)
    messages.success(request, done)
    return redirect("queue", organisation.slug)


def _row(request: HttpRequest, organisation: Organisation, item: int, message: str, status: int) -> HttpResponse:
    """The fresh line with the message: alone for htmx, else on a page of its own."""
    row = Rows(person(request), organisation).row(own_item(request, organisation, item), message)
    template = "_queue_row.html" if request.htmx else "item_conflict.html"  # type: ignore[attr-defined]  # as above
    return render(request, f"scheduler/{template}", {"organisation": organisation, "row": row}, status=status)


def _move_page(request: HttpRequest, item: ScheduledItem, form: MoveForm, status: int = 200) -> HttpResponse:
    context = {"organisation": item.channel.organisation, "item": item, "form": form}
    return render(request, "scheduler/item_move.html", context, status=status)


def _move_anew(request: HttpRequest, organisation: Organisation, item: int, message: str) -> HttpResponse:
    """Somebody was first: what was typed stays, beside the item as it is now and its version."""
    fresh = own_item(request, organisation, item)
    data = request.POST.copy()
    data["version"] = str(fresh.version)
    form = MoveForm(data, organisation=organisation)
    form.add_error(None, message)
    return _move_page(request, fresh, form, 409)


def _say(request: HttpRequest, done: str, note: str) -> None:
    messages.success(request, f"{done} {note}".strip())
