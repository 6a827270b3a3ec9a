"""The publish log's filter, and the forms by which a person settles an item."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import F, Q
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permissions import coordinated, memberships_of
from campaign.models import Post
from networks import registry
from scheduler.models import Channel, PublishLogEntry, ScheduledItem
from scheduler.models.log import PublishLogEntryQuerySet
from scheduler.services.story import language_name
from scheduler.states import NEEDS_A_LOOK, State

TABS: dict[str, tuple[State, ...]] = {
    "look": tuple(sorted(NEEDS_A_LOOK)),
    "failed": (State.FAILED, State.MISSED),
    "hand": (State.WAITING,),
    "all": (),
}
"""Tab → the states in which an item stands now; «all» shows every line."""


ANYTHING = ("", _("All"))
NO_DAY = {"invalid": _("This is not a day. Pick one, or write it like 2026-04-11.")}


def zone_of(user: User) -> ZoneInfo:
    """The zone in which the person reads the log: that of their first organisation."""
    memberships = memberships_of(user)
    return memberships[0].organisation.zone if memberships else ZoneInfo("UTC")


def tab_of(asked: str) -> str:
    """The tab that was asked for; anything else is all lines."""
    return asked if asked in TABS else "all"


def seen_by(user: User) -> PublishLogEntryQuerySet:
    """The lines the person may see, newest first."""
    return PublishLogEntry.objects.visible_to(user).order_by("-id")


def in_tab(entries: PublishLogEntryQuerySet, tab: str) -> PublishLogEntryQuerySet:
    """The newest line of each item that stands in the tab's states now; every line for «all». The newest line says the
    state: the database then meets the few lines that say it, and not the item of every line of the log."""
    states = TABS[tab_of(tab)]
    return entries.filter(state_to__in=states, number=F("item__log_count")) if states else entries


class DateInput(forms.DateInput):
    """A day, picked as the browser does it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Select(forms.Select):
    """Writes its options (without groups) itself: Django renders a template for each, and for the channels of seventy
    organisations that takes longer than the rest of the page (python -m bench.pages)."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ANN401 - Django's
        """The element with all its options."""
        chosen = set(self.format_value(value))
        rows = ((key, mark_safe(" selected") if str(key) in chosen else "", label) for key, label in self.choices)
        options = format_html_join("\n", '<option value="{}"{}>{}</option>', rows)
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


class LogFilter(forms.Form):
    """Narrows what the person may see; days are those of the person's own zone, both inclusive."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, widget=Select
    )
    channel = forms.ModelChoiceField(Channel.objects.none(), label=_("Channel"), required=False, widget=Select)
    network = forms.ChoiceField(label=_("Network"), required=False, widget=Select)
    state = forms.ChoiceField(label=_("State after it"), required=False, widget=Select)
    post = forms.ModelChoiceField(Post.objects.none(), label=_("Post"), required=False, widget=Select)
    language = forms.ChoiceField(label=_("Language"), required=False, widget=Select)
    since = forms.DateField(label=_("From"), required=False, widget=DateInput(), error_messages=NO_DAY)
    until = forms.DateField(label=_("Until"), required=False, widget=DateInput(), error_messages=NO_DAY)

    def __init__(self, data: Any, user: User) -> None:  # noqa: ANN401 - a QueryDict or a plain dict
        super().__init__(data)
        self.user = user
        self._choose("organisation", _organisations_of(user))
        self._choose("channel", Channel.objects.visible_to(user).only("name", "network"))
        self._choose("post", Post.objects.visible_to(user))
        self._offer("network", [ANYTHING, *registry.choices()])
        self._offer("state", [ANYTHING, *State.choices])
        self._offer("language", partial(_languages_seen_by, user))

    def _choose(self, name: str, rows: Any) -> None:  # noqa: ANN401 - a queryset of any of our models
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset, field.empty_label = rows, _("All")

    def _offer(self, name: str, choices: list[Any] | Callable[[], list[Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """A span that ends before it begins holds nothing: said next to its end."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first one."))
        return cleaned

    def entries(self) -> PublishLogEntryQuerySet:
        """The lines the person may see and asked for, newest first; none while the filter has a mistake."""
        if not self.is_valid():
            return PublishLogEntry.objects.none()
        names = ("organisation", "channel", "network", "post", "language")
        wanted = {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}
        if self.cleaned_data["state"]:
            wanted["state_to"] = self.cleaned_data["state"]
        return seen_by(self.user).filter(**wanted, **self._span())

    def _span(self) -> dict[str, datetime]:
        """The days as moments (aware UTC): from the first one's beginning to before the day after the last."""
        zone, span = zone_of(self.user), {}
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        if since:
            span["at__gte"] = datetime.combine(since, time.min, zone).astimezone(UTC)
        if until:
            span["at__lt"] = datetime.combine(until + timedelta(days=1), time.min, zone).astimezone(UTC)
        return span


def is_filtered(data: Mapping[str, str]) -> bool:
    """Whether any field of the filter has a value."""
    return any(data.get(name) for name in LogFilter.base_fields)


def _organisations_of(user: User) -> Any:  # noqa: ANN401 - a queryset
    """Those whose lines the person may see: their own, and the participants of what they coordinate."""
    return Organisation.objects.filter(
        Q(membership__user=user) | Q(participation__campaign__organiser__in=coordinated(user))
    ).distinct()


def _languages_seen_by(user: User) -> list[Any]:
    """The languages of those organisations, looked up only where somebody chooses or has chosen one."""
    tags = {str(tag) for one in _organisations_of(user) for tag in one.languages}
    return [ANYTHING, *((tag, language_name(tag)) for tag in sorted(tags))]


class SettleForm(forms.Form):
    """Each of them carries the version of the item that the person was looking at."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput())
    states: frozenset[State] = frozenset()
    """The states in which this way of settling is offered."""


class ThereForm(SettleForm):
    """«It is there»."""

    url = forms.URLField(
        label=_("Its address"),
        max_length=600,
        assume_scheme="https",
        help_text=_("Open the post itself and copy the address of that page."),
    )
    states = frozenset({State.UNCERTAIN, State.UNRESOLVED})


class AgainForm(SettleForm):
    """«It is not there: send again»."""

    looked = forms.BooleanField(
        label=_("I have looked at the channel and it is not there."),
        error_messages={"required": _("Look at the channel first: if it is there, it would go out twice.")},
    )
    states = frozenset({State.UNCERTAIN})


class LeaveForm(SettleForm):
    """«Leave it»."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The log keeps it for whoever comes after you.")
    )
    states = frozenset({State.UNCERTAIN, State.UNRESOLVED})


class StopForm(SettleForm):
    """«Stop here»."""

    states = frozenset({State.PARTIAL})


FORMS: dict[str, type[SettleForm]] = {"there": ThereForm, "again": AgainForm, "leave": LeaveForm, "stop": StopForm}


def forms_for(item: ScheduledItem) -> dict[str, SettleForm]:
    """An empty form for each way in which this item can be settled now."""
    return {
        name: form(initial={"version": item.version}, auto_id=f"{name}_%s")
        for name, form in FORMS.items()
        if State(item.state) in form.states
    }
