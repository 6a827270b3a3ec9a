"""The organisation's channels: how each one posts, how it is, and when it last did; checking and disconnecting."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import in_organisation, person
from accounts.actors import Actor, actor_for
from accounts.models import Organisation
from accounts.permissions import Action, can, can_anywhere
from scheduler.models import Channel, Health
from scheduler.services import channels as service
from scheduler.services.connect import revoke


@in_organisation(Action.READ)
@require_GET
def channel_list(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Own channels. The encrypted credential is not even read."""
    own = Channel.objects.filter(organisation=organisation).defer("credentials").select_related("connected_by")
    channels = own.annotate(last_post=Max("items__segments__published_at")).order_by("network", "name")
    may = can(person(request), Action.CHANNELS, organisation)
    leads = can_anywhere(person(request), Action.MEMBERS)
    context = {"organisation": organisation, "channels": channels, "may": may, "leads": leads}
    return render(request, "scheduler/channel_list.html", context)


@in_organisation(Action.CHANNELS)
@require_POST
def channel_disconnect(request: HttpRequest, organisation: Organisation, channel: int) -> HttpResponse:
    """Forgets the credential; what was posted stays in the publish log."""
    return _do(request, organisation, channel, _disconnect)


@in_organisation(Action.CHANNELS)
@require_POST
def channel_check(request: HttpRequest, organisation: Organisation, channel: int) -> HttpResponse:
    """Asks the network now whether the credential works."""
    return _do(request, organisation, channel, _check)


Done = tuple[int, str]
"""The level of a message, and its words."""


def _do(
    request: HttpRequest, organisation: Organisation, pk: int, act: Callable[[Channel, Actor], Done]
) -> HttpResponse:
    """Does it to the organisation's own channel, and says on the list what became of it."""
    channel = get_object_or_404(Channel.objects.filter(organisation=organisation), pk=pk)
    try:
        level, words = act(channel, actor_for(person(request), organisation))
    except service.ConnectError as error:
        level, words = messages.ERROR, f"{channel}: {error.message}"
    messages.add_message(request, level, words)
    return redirect("channel_list", organisation.slug)


def _disconnect(channel: Channel, actor: Actor) -> Done:
    told = revoke(channel)
    service.disconnect(channel, actor)
    return messages.SUCCESS, _goodbye(told) % {"channel": channel}


def _goodbye(told: bool) -> str:
    if told:
        return _("%(channel)s is disconnected: its credential is deleted here, and the network has been told.")
    return _("%(channel)s is disconnected: its credential is deleted here. Take Chorus' access away there too.")


def _check(channel: Channel, actor: Actor) -> Done:
    service.check(channel, actor)
    if channel.health == Health.OK:
        return messages.SUCCESS, _("%(channel)s works.") % {"channel": channel}
    return messages.ERROR, _("%(channel)s must be connected again.") % {"channel": channel}
