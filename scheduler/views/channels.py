"""The organisation's channels: how each one posts, how it is, and when it last did."""

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import in_organisation
from accounts.models import Organisation
from accounts.permissions import Action
from scheduler.models import Channel


@in_organisation(Action.READ)
@require_GET
def channel_list(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Own channels. The encrypted credential is not even read."""
    own = Channel.objects.filter(organisation=organisation).defer("credentials")
    channels = own.annotate(last_post=Max("items__segments__published_at")).order_by("network", "name")
    return render(request, "scheduler/channel_list.html", {"organisation": organisation, "channels": channels})
