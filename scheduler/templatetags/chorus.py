"""A state's badge, a network's icon, a moment with its place, why an item is held, and what a channel lacks."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Organisation
from campaign.services.public_pictures import public_address_problem
from networks.base import Network
from scheduler.models import Channel, Health, ScheduledItem, Transport
from scheduler.services.sentences import why_held as sentence
from scheduler.states import State

register = template.Library()

LOOKS: dict[State, tuple[str, str]] = {
    State.DRAFT: ("none", "pencil"),
    State.SCHEDULED: ("plan", "clock"),
    State.HELD: ("hold", "pause-circle"),
    State.PUBLISHING: ("plan", "send"),
    State.UNCERTAIN: ("look", "question-circle"),
    State.WAITING: ("hand", "hand-index"),
    State.PUBLISHED: ("ok", "check-circle"),
    State.PARTIAL: ("look", "list-ol"),
    State.FAILED: ("bad", "x-circle"),
    State.MISSED: ("hold", "clock-history"),
    State.UNRESOLVED: ("look", "question-circle"),
    State.CANCELLED: ("none", "slash-circle"),
}
"""The class of static/css/parts.css and the icon that belong to each state; the word is the state's own."""


@register.simple_tag
def state_badge(state: str) -> SafeString:
    """The state as a word with its icon: colour alone never says it."""
    known = State(state)
    return _badge(*LOOKS[known], _(known.label))


@lru_cache(maxsize=256)
def _badge(look: str, icon: str, word: str) -> SafeString:
    """Made once for each word: a list shows the same few badges on thirty lines."""
    return format_html('<span class="state {}"><i class="bi bi-{}" aria-hidden="true"></i>{}</span>', look, icon, word)


@register.simple_tag
def network_icon(network: Network) -> SafeString:
    """The network's icon, with its name for those who hear the page."""
    return _icon(network.name, network.icon)


@lru_cache(maxsize=64)
def _icon(name: str, icon: str) -> SafeString:
    """Made once for each network, as a badge is for each word."""
    return format_html(
        '<span class="net" title="{0}"><i class="bi bi-{1}" aria-hidden="true"></i>'
        '<span class="visually-hidden">{0}</span></span>',
        name,
        icon,
    )


@register.filter
def clock_in(moment: datetime, organisation: Organisation) -> str:
    """The time of day where the organisation is («10:00»); the place is said by the column or the sentence."""
    return f"{moment.astimezone(organisation.zone):%H:%M}"


@register.filter
def time_with_place(moment: datetime, organisation: Organisation) -> str:
    """The day and the time with its place («Tue 11 April, 10:00 Helsinki»)."""
    local = moment.astimezone(organisation.zone)
    return f"{date_format(local, 'DAY_TIME')} {organisation.city}"


@register.filter
def why_held(item: ScheduledItem) -> str:
    """The sentence that says what an item waits for, empty if it is not held."""
    return sentence(item) if item.state == State.HELD else ""


@register.filter
def day_in(moment: datetime, organisation: Organisation) -> str:
    """The day where the organisation is («Tue 11 April»)."""
    return date_format(moment.astimezone(organisation.zone), "DAY")


@register.filter
def picture_problem(channel: Channel) -> str:
    """Why the channel's network cannot fetch our pictures, so that nothing can go out there; empty where it can, or
    has no need to."""
    needs = channel.transport == Transport.API and channel.rules.fetches_pictures
    return public_address_problem(channel.base_url) if needs else ""


HEALTH_LOOKS: dict[str, tuple[str, str]] = {
    Health.OK: ("ok", "check-circle"),
    Health.RECONNECT: ("bad", "exclamation-triangle"),
    Health.DISCONNECTED: ("none", "plug"),
}


@register.simple_tag
def health_badge(channel: Channel) -> SafeString:
    """How the channel is; one posted by hand has no credential that could fail, so it says just that."""
    look, icon = HEALTH_LOOKS[channel.health]
    word = channel.get_health_display()
    if channel.transport == Transport.BY_HAND and channel.health == Health.OK:
        look, icon, word = "hand", "hand-index", State.WAITING.label
    return _badge(look, icon, _(word))
