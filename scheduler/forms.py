"""What people fill in to plan, move and settle items."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from campaign.models import Post
from scheduler import clock
from scheduler.models import Channel, ScheduledItem

LEAST_NOTICE = timedelta(minutes=5)
"""How far away a proposed time is at least, so that it is not over before the form is sent."""


def _helper(*fields: Any) -> FormHelper:  # noqa: ANN401 - layout objects and names
    """Fields only: the page owns the form element and its buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(*fields)
    return helper


def _day_and_time() -> Div:
    return Div(Div("day", css_class="col-7"), Div("time", css_class="col-5"), css_class="row g-2")


def accepted_field() -> forms.CharField:
    """The reason for which a warning is accepted."""
    return forms.CharField(
        label=_("Why it may go out in spite of a warning"),
        help_text=_("Only needed if a preview shows a warning. The publish log keeps it."),
        max_length=300,
        required=False,
    )


class WhenForm(forms.Form):
    """A day and a time of day, as the organisation's own clocks show them."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:  # noqa: ANN401 - Form's own
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["time"].help_text = _("The time in %(place)s.") % {"place": organisation.city}

    @property
    def wall(self) -> datetime:
        """The chosen wall time, without a zone. Only for a valid form."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])

    def blame(self, field: str, message: str) -> None:
        """Shows a service's refusal next to its field, or above the form where it belongs to none."""
        own = {"channel": "channels"}.get(field, field)
        self.add_error(own if own in self.fields else None, message)


if TYPE_CHECKING:
    ChannelField = forms.ModelMultipleChoiceField[Channel]
else:
    ChannelField = forms.ModelMultipleChoiceField  # it takes its type only while types are checked


class ChannelsField(ChannelField):
    """Channels as boxes to tick, each with its network and the way it gets there."""

    def label_from_instance(self, obj: Any) -> SafeString:  # noqa: ANN401 - ModelChoiceField's own
        """The network's icon, the channel's name and the way it gets there. Who hears the page is told the network
        unless the name says it."""
        network = obj.rules
        return format_html(
            '<span class="of-channel"><i class="bi bi-{}" title="{}" aria-hidden="true"></i>'
            '<span><span class="visually-hidden">{}</span>{}, <span class="muted">{}</span></span></span>',
            network.icon,
            network.name,
            "" if network.name.casefold() in obj.name.casefold() else f"{network.name}: ",
            obj.name,
            gettext(obj.get_transport_display()),
        )


class ScheduleForm(WhenForm):
    """A post on one or more channels, in one language, at one wall time."""

    channels = ChannelsField(Channel.objects.none(), label=_("Channels"), widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("Language"))
    accepted = accepted_field()
    repeat = forms.BooleanField(
        label=_("Plan it once more"),
        help_text=_("Where it is planned already, this makes a second, deliberate run."),
        required=False,
    )

    def __init__(self, *args: Any, user: User, post: Post, **kwargs: Any) -> None:  # noqa: ANN401 - Form's own
        super().__init__(*args, **kwargs)
        channels = Channel.objects.usable_by(user).filter(organisation=self.organisation)
        self.fields["channels"].queryset = channels  # type: ignore[attr-defined]  # fields are typed by their base
        self.fields["language"].choices = languages_of(post, self.organisation)  # type: ignore[attr-defined]  # as above
        self.helper = _helper("channels", "language", _day_and_time(), "accepted", "repeat")


class MoveForm(WhenForm):
    """Another time for an item; `version` is the item as the person saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Form's own
        super().__init__(*args, **kwargs)
        self.helper = _helper(_day_and_time(), "version")


class DraftForm(MoveForm):
    """A draft's proposed time, and the reason that it will need if there is a warning."""

    accepted = accepted_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Form's own
        super().__init__(*args, **kwargs)
        self.helper = _helper(_day_and_time(), "accepted", "version")


class VersionForm(forms.Form):
    """A button on an item: all it carries is the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class PostedForm(VersionForm):
    """«I posted it», with the address if there is one at hand."""

    url = forms.URLField(
        label=_("Address of the post"),
        help_text=_("As the network shows it, so that the publish log can lead there."),
        assume_scheme="https",
        required=False,
        max_length=600,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, item: ScheduledItem) -> None:
        super().__init__(data, initial={"version": item.version}, auto_id=f"posted-{item.pk}-%s")
        self.helper = _helper(Field("url", inputmode="url"), "version")


def proposed(organisation: Organisation, usable: Iterable[Channel]) -> dict[str, Any]:
    """What a new plan begins with: the organisation's language, its next full hour, and the only channel there is. Of
    several none is chosen: who ticks one would not see that another was ticked already, and would post on both."""
    soon = (clock.now() + LEAST_NOTICE + timedelta(hours=1)).astimezone(organisation.zone)
    channels = [channel.pk for channel in usable]
    return {
        "language": organisation.language,
        "day": soon.date(),
        "time": soon.time().replace(minute=0, second=0, microsecond=0),
        "channels": channels if len(channels) == 1 else [],
    }


def languages_of(post: Post, organisation: Organisation) -> list[tuple[str, str]]:
    """The languages to choose from: the organisation's own, then those the post has a source or own text in."""
    written = post.translations.filter(is_source=True) | post.translations.filter(organisation=organisation)
    codes = [*organisation.languages, *written.values_list("language", flat=True)]
    return [(code, name_of(code)) for code in dict.fromkeys(codes)]


def name_of(code: str) -> str:
    """A language's name, in that language, with its code."""
    try:
        return f"{get_language_info(code)['name_local']} ({code})"
    except KeyError:
        return code
