"""A draft: what it would look like, its proposed time, and the button that gives it its turn."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import in_organisation, person
from accounts.actors import actor_for
from accounts.models import Organisation
from accounts.permissions import Action
from scheduler.forms import DraftForm
from scheduler.models import ScheduledItem
from scheduler.services import draft
from scheduler.services.errors import ConflictError, ScheduleError
from scheduler.services.schedule import preview
from scheduler.states import State
from scheduler.views.items import own_item
from scheduler.views.schedule import Card


@in_organisation(Action.SCHEDULE)
@require_http_methods(["GET", "POST"])
def item_draft(request: HttpRequest, organisation: Organisation, item: int) -> HttpResponse:
    """The draft's page; `intent=save` keeps what was changed, everything else schedules it."""
    found = own_item(request, organisation, item)
    if request.method == "GET":
        return _open(request, found)
    form = DraftForm(request.POST, organisation=organisation)
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        said = _act(request, found, form)
    except ScheduleError as error:
        # A refusal about the channel or the language is about what a draft cannot change: it stands above the form.
        form.blame(error.field, error.message)
        return _page(request, found, form, 422)
    except ConflictError as error:
        return _anew(request, organisation, item, error.message)
    messages.success(request, said)
    return redirect("queue", organisation.slug)


def _act(request: HttpRequest, item: ScheduledItem, form: DraftForm) -> str:
    """Keeps or schedules the draft, and says what was done."""
    saves = request.POST.get("intent") == "save"
    act = draft.change_draft if saves else draft.schedule_draft
    actor = actor_for(person(request), form.organisation)
    act(item.pk, form.wall, form.cleaned_data["accepted"], form.cleaned_data["version"], actor)
    return _("The draft is kept.") if saves else _("The draft is scheduled. It stands in the queue below.")


def _open(request: HttpRequest, item: ScheduledItem) -> HttpResponse:
    if item.state != State.DRAFT:
        messages.info(request, _("This is not a draft any more."))
        return redirect("queue", item.channel.organisation.slug)
    local = item.due_at.astimezone(item.channel.organisation.zone)
    initial = {"day": local.date(), "time": local.time(), "accepted": item.accepted_warnings, "version": item.version}
    return _page(request, item, DraftForm(organisation=item.channel.organisation, initial=initial))


def _page(request: HttpRequest, item: ScheduledItem, form: DraftForm, status: int = 200) -> HttpResponse:
    card = Card(item.channel, preview(item.post, item.channel, item.language))
    context = {"organisation": form.organisation, "item": item, "post": item.post, "form": form, "card": card}
    return render(request, "scheduler/item_draft.html", context, status=status)


def _anew(request: HttpRequest, organisation: Organisation, item: int, message: str) -> HttpResponse:
    """Somebody was first: what was typed stays, beside the item as it is now and its version."""
    fresh = own_item(request, organisation, item)
    data = request.POST.copy()
    data["version"] = str(fresh.version)
    form = DraftForm(data, organisation=organisation)
    form.add_error(None, message)
    return _page(request, fresh, form, 409)
