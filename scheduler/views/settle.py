"""A person settles an item whose outcome is not clear; each way is a new line of the log."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import person
from accounts.actors import Actor, actor_for
from scheduler.log_forms import FORMS, SettleForm
from scheduler.models import ScheduledItem
from scheduler.services.errors import ConflictError, ScheduleError
from scheduler.services.settle import it_is_there, leave_it, send_again, stop_here
from scheduler.views.log import story_page, visible_item

Settle = Callable[[SettleForm, Actor], object]


@require_POST
def settle_there(request: HttpRequest, item: int) -> HttpResponse:
    """«It is there», with its address."""

    def done(form: SettleForm, actor: Actor) -> object:
        return it_is_there(item, form.cleaned_data["url"], form.cleaned_data["version"], actor)

    return _settle(request, item, "there", done, _("It is down as published, with the address you gave."))


@require_POST
def settle_send_again(request: HttpRequest, item: int) -> HttpResponse:
    """«It is not there, send again»."""

    def done(form: SettleForm, actor: Actor) -> object:
        return send_again(item, form.cleaned_data["version"], actor)

    return _settle(request, item, "again", done, _("We look for it once more; if it is not there, it is sent again."))


@require_POST
def settle_leave(request: HttpRequest, item: int) -> HttpResponse:
    """«Leave it», with a reason."""

    def done(form: SettleForm, actor: Actor) -> object:
        return leave_it(item, form.cleaned_data["reason"], form.cleaned_data["version"], actor)

    return _settle(request, item, "leave", done, _("It is left as it is, and is not sent again."))


@require_POST
def settle_stop_here(request: HttpRequest, item: int) -> HttpResponse:
    """«Stop here»: the parts that are out are all there will be."""

    def done(form: SettleForm, actor: Actor) -> object:
        return stop_here(item, form.cleaned_data["version"], actor)

    return _settle(request, item, "stop", done, _("Stopped here. The rest is not sent."))


def _settle(request: HttpRequest, pk: int, way: str, done: Settle, words: str) -> HttpResponse:
    """Checks the person, then the form, then settles; 422 and 409 answer with the story and what was typed."""
    item = _settleable(request, pk)
    form = FORMS[way](request.POST, auto_id=f"{way}_%s")
    if not form.is_valid():
        return story_page(request, item, (way, form), status=422)
    try:
        done(form, actor_for(person(request), item.channel.organisation))
    except ScheduleError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return story_page(request, item, (way, form), status=422)
    except ConflictError as error:
        return _conflict(request, pk, way, error)
    messages.success(request, words)
    return redirect("item_story", item=pk)


def _settleable(request: HttpRequest, pk: int) -> ScheduledItem:
    """The item; 404 for a stranger, 403 for somebody who may only read it."""
    item = visible_item(person(request), pk)
    if not ScheduledItem.objects.settleable_by(person(request)).filter(pk=pk).exists():
        raise PermissionDenied(_("Your role does not settle posts of this organisation. Ask one of its editors."))
    return item


def _conflict(request: HttpRequest, pk: int, way: str, error: ConflictError) -> HttpResponse:
    """The fresh story with what was typed: sent again it goes with the fresh version, on purpose this time."""
    fresh = visible_item(person(request), pk)
    data = request.POST.copy()
    data["version"] = str(fresh.version)
    typed = data.get("url") or data.get("reason") or ""
    form = FORMS[way](data, auto_id=f"{way}_%s")
    return story_page(request, fresh, (way, form), status=409, conflict=error.message, typed=typed)
