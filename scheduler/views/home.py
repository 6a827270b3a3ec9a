"""The first page: where a person lands, and what an organisation has to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access import in_organisation, person
from accounts.models import Organisation
from accounts.permissions import Action, can, memberships_of
from scheduler.states import State
from scheduler.views.overview import Overview, next_step

NEXT = 5


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the person's first organisation, by name."""
    memberships = memberships_of(person(request))
    if not memberships:
        return render(request, "scheduler/home_nobody.html")
    return redirect("organisation_home", memberships[0].organisation.slug)


@in_organisation(Action.READ)
@require_GET
def organisation_home(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The next step, what goes out next, the posts, the channels."""
    overview = Overview.of(person(request), organisation)
    coming = overview.items.for_rows().filter(state__in=[State.SCHEDULED, State.HELD, State.PUBLISHING])
    context = {
        "organisation": organisation,
        "overview": overview,
        "step": next_step(overview),
        "coming": coming.order_by("due_at", "pk")[:NEXT],
        "may": can(person(request), Action.SCHEDULE, organisation),
    }
    return render(request, "scheduler/home.html", context)
