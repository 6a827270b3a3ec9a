"""What came back from a backup, and an admin's word that it has not gone out since."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import operators_only, person
from accounts.actors import actor_for
from accounts.permissions import memberships_of
from scheduler.services import restored as restoring

SHOWN = 50


@require_GET
@operators_only
def restored(request: HttpRequest) -> HttpResponse:
    """The first of them, in order of their time."""
    return _page(request)


@require_POST
@operators_only
def restored_release(request: HttpRequest, item: int) -> HttpResponse:
    """One of them; 404 for an item that does not wait."""
    if not restoring.waiting_for(person(request)).filter(pk=item).exists():
        return HttpResponse(status=404)
    return _released(request, [item])


@require_POST
@operators_only
def restored_release_all(request: HttpRequest) -> HttpResponse:
    """All of them, if there are still as many as the person was told and they said that they looked. Else 409."""
    waiting = list(restoring.waiting_for(person(request)).values_list("pk", flat=True))
    if request.POST.get("number") != str(len(waiting)) or request.POST.get("looked") != "yes":
        messages.error(request, _("Nothing was released: look first and say so, or the list has changed meanwhile."))
        return _page(request, status=409)
    return _released(request, waiting)


def _page(request: HttpRequest, status: int = 200) -> HttpResponse:
    items = restoring.waiting_for(person(request))
    context = {"items": items[:SHOWN], "number": items.count()}
    return render(request, "status/restored.html", context, status=status)


def _released(request: HttpRequest, items: Iterable[int]) -> HttpResponse:
    organisation = memberships_of(person(request))[0].organisation
    number = restoring.release(items, actor_for(person(request), organisation))
    said = ngettext("One post is released.", "%(number)s posts are released.", number) % {"number": number}
    messages.success(request, said)
    return redirect("restored")
