"""The operator's app keys: which networks have one, putting one in, deleting it. No page ever shows one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import operators_only
from networks import registry
from networks.base import Network
from scheduler.connect_forms import AppKeyForm
from scheduler.services import app_keys as service
from scheduler.services import connect


@operators_only
@require_GET
def app_keys(request: HttpRequest) -> HttpResponse:
    """Every network whose connecting needs an app of the operator."""
    have = service.networks_with_keys()
    rows = [(way.network, way.network.slug in have) for way in connect.ways() if connect.needs_keys(way.network)]
    return render(request, "scheduler/app_keys.html", {"rows": rows, "redirect_uri": connect.redirect_uri()})


@operators_only
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@never_cache
def app_key_edit(request: HttpRequest, network: str) -> HttpResponse:
    """Puts an app's keys in, in the place of those that are there."""
    found = _network(network)
    form = AppKeyForm(connect.configuration_of(found), request.POST if request.method == "POST" else None)
    if form.is_valid():
        service.keep(found.slug, form.app())
        messages.success(request, _("The app keys for %(network)s are stored.") % {"network": found.name})
        return redirect("app_keys")
    context = {"network": found, "form": form, "redirect_uri": connect.redirect_uri()}
    return render(request, "scheduler/app_key_edit.html", context, status=422 if form.errors else 200)


@require_POST
@operators_only
def app_key_delete(request: HttpRequest, network: str) -> HttpResponse:
    """Forgets an app's keys: from then on this network is posted on by hand, unless it is connected already."""
    found = _network(network)
    service.forget(found.slug)
    messages.success(request, _("The app keys for %(network)s are deleted.") % {"network": found.name})
    return redirect("app_keys")


def _network(slug: str) -> Network:
    try:
        return registry.get(slug)
    except registry.UnknownNetworkError as error:
        raise Http404 from error
