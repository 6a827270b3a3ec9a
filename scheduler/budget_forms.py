"""What the operator fills in about a channel that costs money."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduler.models import Channel
from scheduler.services import budget


class BudgetForm(forms.Form):
    """One channel's monthly budget, and whether its posts may hold links."""

    channel = forms.ModelChoiceField(queryset=Channel.objects.none(), widget=forms.HiddenInput)
    monthly = forms.DecimalField(label=_("Monthly budget"), min_value=0, max_digits=9, decimal_places=2)
    links = forms.BooleanField(label=_("Its posts may hold links"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Form's own
        super().__init__(*args, **kwargs)
        channels: forms.ModelChoiceField[Channel] = self.fields["channel"]  # type: ignore[assignment]
        channels.queryset = budget.paid_channels()
        self.fields["monthly"].widget.attrs |= {"class": "form-control", "step": "0.01"}
        self.fields["links"].widget.attrs |= {"class": "form-check-input"}


def form_for(channel: Channel) -> BudgetForm:
    """The form with what holds for the channel now."""
    monthly, links = budget.terms(channel)
    initial = {"channel": channel.pk, "monthly": monthly, "links": links}
    return BudgetForm(initial=initial, auto_id=f"id_{channel.pk}_%s")
