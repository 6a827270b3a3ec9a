"""A person settles an item whose outcome is not clear; each way is a new line of the log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import person
from accounts.actors import Actor, actor_for
from scheduler.log_forms import FORMS
from scheduler.models import ScheduledItem
from scheduler.services.errors import ConflictError, ScheduleError
from scheduler.services.settle import it_is_there, leave_it, send_again, stop_here
from scheduler.views.log import story_page, visible_item

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Way:
    """How an item is settled: what does it with the item's id and what the form holds, and what is said then."""

    act: Callable[[int, Mapping[str, Any], Actor], object]
    words: "_StrPromise"


WAYS = {
    "there": Way(
        lambda item, said, actor: it_is_there(item, said["url"], said["version"], actor),
        gettext_lazy("It is down as published, with the address you gave."),
    ),
    "again": Way(
        lambda item, said, actor: send_again(item, said["version"], actor),
        gettext_lazy("We look for it once more; if it is not there, it is sent again."),
    ),
    "leave": Way(
        lambda item, said, actor: leave_it(item, said["reason"], said["version"], actor),
        gettext_lazy("It is left as it is, and is not sent again."),
    ),
    "stop": Way(
        lambda item, said, actor: stop_here(item, said["version"], actor),
        gettext_lazy("Stopped here. The rest is not sent."),
    ),
}
"""By the names that their forms have in FORMS."""


@require_POST
def settle(request: HttpRequest, item: int, way: str) -> HttpResponse:
    """Checks the person, then the form, then settles; 422 and 409 answer with the story and what was typed."""
    found = _settleable(request, item)
    form = FORMS[way](request.POST, auto_id=f"{way}_%s")
    if not form.is_valid():
        return story_page(request, found, (way, form), status=422)
    try:
        WAYS[way].act(item, form.cleaned_data, actor_for(person(request), found.channel.organisation))
    except ScheduleError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return story_page(request, found, (way, form), status=422)
    except ConflictError as error:
        return _conflict(request, item, way, error)
    messages.success(request, WAYS[way].words)
    return redirect("item_story", item=item)


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
