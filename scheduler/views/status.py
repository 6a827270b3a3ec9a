"""Whether Chorus is alive: for whoever has a page open, for operators, and for machines."""

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import operators_only, person
from accounts.permissions import memberships_of
from scheduler.context import frame
from scheduler.models import Channel, Health
from scheduler.services import broker, health, health_alarms, metrics
from scheduler.services.versions import versions

CHANNELS_SHOWN = 10


@require_GET
def alarms(request: HttpRequest) -> HttpResponse:
    """The alarms as they are now. 204 while the page shows as many already, so that nothing is read out again."""
    shown = request.GET.get("shown", "")
    if shown == str(len(frame(request).get("alarms", []))):
        return HttpResponse(status=204)
    return render(request, "_frame/alarms.html")


@require_GET
@never_cache
@operators_only
def status(request: HttpRequest) -> HttpResponse:
    """How the installation is doing, on one page that looks again by itself."""
    facts, seen = health.facts(), broker.look()
    troubled = Channel.objects.filter(health=Health.RECONNECT).select_related("organisation").defer("credentials")
    context = {
        "facts": facts,
        "broker": seen,
        "alarms_found": health_alarms.alarms(facts, seen),
        "hands": health_alarms.hands(facts, seen),
        "troubled": troubled[:CHANNELS_SHOWN],
        "versions": versions(seen),
        "zone": memberships_of(person(request))[0].organisation.zone,
        "all_hands": settings.PUBLISH_HANDS,
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "status/_now.html" if part else "status/status.html", context)


@login_not_required
@require_GET
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether posts go out: 200, or 503 with the reasons. For monitoring; a load balancer asks /healthz."""
    seen_broker = broker.look()
    try:
        seen = health.signs()
    except (DatabaseError, InterfaceError) as error:
        reason = {"code": "database", "sentence": f"The database does not answer ({type(error).__name__})."}
        return JsonResponse({"ready": False, "reasons": [reason]}, status=503)
    reasons = [{"code": alarm.code, "sentence": alarm.sentence} for alarm in health_alarms.not_ready(seen, seen_broker)]
    told = {"ready": not reasons, "reasons": reasons, "seconds": health.ages(seen)}
    return JsonResponse(told, status=503 if reasons else 200)


@login_not_required
@require_GET
@never_cache
def prometheus(request: HttpRequest) -> HttpResponse:
    """The metrics, for whoever shows CHORUS_METRICS_TOKEN. Without such a setting the page is not there."""
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=404)
    shown = request.headers.get("Authorization", "")
    if not hmac.compare_digest(shown.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(metrics.text(health.facts(), broker.look()), content_type=metrics.CONTENT_TYPE)
