"""The campaign's links, which the coordinator fills in when a document is out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import in_organisation, person
from accounts.models import Organisation
from accounts.permissions import Action, can
from campaign.forms import LinkForm
from campaign.models import Link
from campaign.services.links import fill
from campaign.views.campaigns import link_rows
from campaign.views.found import campaign_for, own_campaign_for


@in_organisation(Action.READ)
def link_list(request: HttpRequest, organisation: Organisation, campaign: str) -> HttpResponse:
    """Every link with its address and its embargo, in the organisation's time."""
    found = campaign_for(person(request), organisation, campaign)
    own = found.organiser_id == organisation.pk
    context = {
        "organisation": organisation,
        "campaign": found,
        "links": link_rows(found),
        "may_edit": own and can(person(request), Action.EDIT_CAMPAIGN, organisation),
    }
    with timezone.override(organisation.zone):
        return render(request, "campaign/link_list.html", context)


@in_organisation(Action.EDIT_CAMPAIGN)
def link_edit(request: HttpRequest, organisation: Organisation, campaign: str, link: str) -> HttpResponse:
    """Fills in a link; what waits for it goes out from then on."""
    own = own_campaign_for(person(request), organisation, campaign)
    found = get_object_or_404(Link.objects.visible_to(person(request)), campaign=own, slug=link)
    with timezone.override(organisation.zone):
        form = LinkForm(request.POST or None, initial={"url": found.url, "available_from": found.available_from})
        if request.method == "POST" and form.is_valid():
            fill(found, form.cleaned_data["url"], form.cleaned_data["available_from"], person(request))
            messages.success(request, _("Saved. Whatever waits for this link is looked at again."))
            return redirect("link_list", organisation.slug, own.slug)
        context = {"organisation": organisation, "campaign": own, "link": found, "form": form}
        return render(request, "campaign/link_edit.html", context, status=422 if form.is_bound else 200)
