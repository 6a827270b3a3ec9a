"""What posts cost, channel by channel, for whoever runs the installation: their app pays."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import in_organisation
from accounts.models import Organisation
from accounts.permissions import Action
from scheduler import clock
from scheduler.budget_forms import BudgetForm, form_for
from scheduler.services import budget, x_guard


@in_organisation(Action.OPERATE)
@require_http_methods(["GET", "POST"])
def budget_list(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The channels that cost money, with what this month cost; sets one channel's budget."""
    sent = BudgetForm(request.POST, auto_id="id_sent_%s") if request.method == "POST" else None
    if sent and sent.is_valid():
        channel = sent.cleaned_data["channel"]
        budget.agree(channel, sent.cleaned_data["monthly"], links=sent.cleaned_data["links"])
        messages.success(request, _("The budget of %(channel)s is set.") % {"channel": channel})
        return redirect("budget_list", organisation.slug)
    context = {"organisation": organisation, "risks": x_guard.RISKS, "x_api": settings.X_API, "rows": _rows(sent)}
    return render(request, "scheduler/budget_list.html", context, status=422 if sent else 200)


def _rows(sent: BudgetForm | None) -> list[dict[str, object]]:
    """Each channel with its form; what somebody sent stands in its own channel's place."""
    now, wrong = clock.now(), sent.data.get("channel") if sent else None
    return [
        {
            "channel": channel,
            "price": channel.rules.price,
            "spent": budget.spent(channel, now),
            "form": sent if sent and wrong == str(channel.pk) else form_for(channel),
        }
        for channel in budget.paid_channels()
    ]
