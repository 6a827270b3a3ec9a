"""Connecting an account: choosing a network, its form or the way to its consent page, and coming back."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import in_organisation, not_found_unless, person
from accounts.models import Organisation
from accounts.permissions import Action, can, can_anywhere
from networks.connecting import FormConnector, OAuthConnector
from networks.registry import UnknownNetworkError
from scheduler.connect_forms import ByHandForm, ChooseForm, ConnectForm, ServerForm
from scheduler.models import Channel
from scheduler.services import channels as stored
from scheduler.services import connect, pending
from scheduler.services.connect import Visitor, Way

Form = ConnectForm | ServerForm | ByHandForm | ChooseForm


@in_organisation(Action.CHANNELS)
@require_GET
def channel_connect(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Every network, and how an account of it can be connected here."""
    operates = can_anywhere(person(request), Action.OPERATE)
    context = {"organisation": organisation, "ways": connect.ways(), "operates": operates}
    return render(request, "scheduler/channel_connect.html", context)


@in_organisation(Action.CHANNELS)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@never_cache
def channel_connect_network(request: HttpRequest, organisation: Organisation, network: str) -> HttpResponse:
    """The page of one network: its own fields, the server to go to, or the name of an account posted by hand."""
    way = _way(network)
    form = _form(request, way)
    if form.is_valid():
        try:
            return _connected(request, organisation, way, form)
        except stored.ConnectError as error:
            form.blame(_field(error, form), error.message)
    return _network_page(request, organisation, way, form)


@in_organisation(Action.CHANNELS)
@require_POST
def channel_by_hand(request: HttpRequest, organisation: Organisation, network: str) -> HttpResponse:
    """A channel that a person posts on, whatever else this network could do."""
    way = Way(_way(network).network, connect.BY_HAND)
    form = ByHandForm(request.POST)
    if form.is_valid():
        try:
            return _connected(request, organisation, way, form)
        except stored.ConnectError as error:
            form.blame(error.field, error.message)
    return _network_page(request, organisation, way, form)


@require_GET
@never_cache
def channel_consented(request: HttpRequest) -> HttpResponse:
    """Where every network sends people back to. It writes although it is read: OAuth comes back this way; the state,
    good for one use by the same person in the same session, stands in for the token of a form."""
    try:
        journey = pending.take(person(request), _session(request), request.GET.get("state", ""))
    except pending.NoJourneyError:
        messages.error(request, _("This way back from a consent page has been used, or is older than ten minutes."))
        return redirect("home")
    organisation = journey.organisation
    not_found_unless(can(person(request), Action.CHANNELS, organisation))
    try:
        made = connect.come_back(_visitor(request, organisation), journey, request.GET.dict())
    except stored.ConnectError as error:
        messages.error(request, error.message)
        return redirect("channel_connect_network", organisation.slug, journey.network)
    return _said(request, organisation, made) if made else redirect("channel_choose", organisation.slug)


@in_organisation(Action.CHANNELS)
@require_http_methods(["GET", "POST"])
@never_cache
def channel_choose(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The accounts that a consent opened: one or more of them become channels."""
    visitor = _visitor(request, organisation)
    try:
        journey = pending.choosing(visitor.user, organisation, visitor.session)
    except pending.NoJourneyError:
        return redirect("channel_connect", organisation.slug)
    form = ChooseForm(pending.grants_of(journey), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _said(request, organisation, connect.choose(visitor, journey, form.cleaned_data["accounts"]))
        except stored.ConnectError as error:
            form.blame(error.field, error.message)
    context = {"organisation": organisation, "form": form, "network": connect.way_of(journey.network).network}
    return render(request, "scheduler/channel_choose.html", context, status=422 if form.errors else 200)


def _way(slug: str) -> Way:
    try:
        return connect.way_of(slug)
    except UnknownNetworkError as error:
        raise Http404 from error


def _form(request: HttpRequest, way: Way) -> Form:
    data = request.POST if request.method == "POST" else None
    connector = connect.connector_class(way.network)
    if way.kind == connect.FORM and connector and issubclass(connector, FormConnector):
        own = connect.server_for(way.network)
        moved = {one.name: own for one in connector.fields if one.initial == connector.default_base_url != ""}
        return ConnectForm(connector.fields, data, **moved)
    if way.kind != connect.CONSENT:
        return ByHandForm(data)
    if connector and issubclass(connector, OAuthConnector) and connector.asks_for_server:
        return ServerForm(data, initial={"server": connect.server_for(way.network)})
    return ConnectForm((), data)


def _connected(request: HttpRequest, organisation: Organisation, way: Way, form: Form) -> HttpResponse:
    """The channel, or the page that leads to the network's consent. Raises ConnectError."""
    visitor = _visitor(request, organisation)
    if way.kind == connect.CONSENT:
        address = connect.begin(visitor, way.network, form.cleaned_data.get("server", ""))
        host = urlsplit(address).netloc
        context = {"organisation": organisation, "network": way.network, "address": address, "host": host}
        return render(request, "scheduler/channel_consent.html", context)
    if way.kind == connect.FORM:
        return _said(request, organisation, [connect.by_form(visitor, way.network, form.cleaned_data)])
    channel = stored.by_hand(organisation, way.network.slug, form.cleaned_data["name"])
    return _said(request, organisation, [channel])


def _network_page(request: HttpRequest, organisation: Organisation, way: Way, form: Form) -> HttpResponse:
    context = {"organisation": organisation, "way": way, "network": way.network, "form": form}
    if way.connects:
        context["by_hand"] = ByHandForm()
    return render(request, "scheduler/channel_connect_network.html", context, status=422 if form.errors else 200)


def _field(error: stored.ConnectError, form: Form) -> str:
    """The field that a refusal is about; the server's, where a server is asked for and there is no better one."""
    if error.field in form.fields or "server" not in form.fields:
        return error.field
    return "server"


def _said(request: HttpRequest, organisation: Organisation, made: list[Channel]) -> HttpResponse:
    for channel in made:
        messages.success(request, _("%(channel)s is connected.") % {"channel": channel})
    return redirect("channel_list", organisation.slug)


def _visitor(request: HttpRequest, organisation: Organisation) -> Visitor:
    return Visitor(person(request), organisation, _session(request))


def _session(request: HttpRequest) -> str:
    return request.session.session_key or ""
