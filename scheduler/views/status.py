"""Whether Chorus is alive, for whoever has a page open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from scheduler.context import frame


@require_GET
def alarms(request: HttpRequest) -> HttpResponse:
    """The alarms as they are now. 204 while the page shows as many already, so that nothing is read out again."""
    shown = request.GET.get("shown", "")
    if shown == str(len(frame(request).get("alarms", []))):
        return HttpResponse(status=204)
    return render(request, "_frame/alarms.html")
