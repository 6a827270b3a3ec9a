"""What stands around every page: the places one can go to, the clocks, and the alarms."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import Organisation, User
from accounts.permissions import Action, can_anywhere, coordinated
from campaign.models import Campaign
from scheduler.models import Heartbeat, ScheduledItem
from scheduler.states import NEEDS_A_LOOK, NEEDS_A_PERSON, State

SILENCE = timedelta(seconds=45)
"""How old a heartbeat may be; one comes every ten seconds (config/celery_settings.py)."""


@dataclass(frozen=True)
class Counts:
    """How many items of the organisation wait to be posted by hand, how many need a look (for who reads everywhere, of
    all organisations), and how many of all that the person sees do."""

    waiting: int
    look: int
    seen: int


@dataclass(frozen=True)
class Place:
    """A line of the rail and the dock. `icon` is one of Bootstrap's; `state` colours the count."""

    label: str
    url: str
    icon: str
    current: bool
    count: int = 0
    state: str = ""


@dataclass(frozen=True)
class Clock:
    """What time it is in a place."""

    time: str
    label: str


@dataclass(frozen=True)
class _Door:
    """`view` is the name of the place's address, `within` how the names of all pages that belong to it begin."""

    view: str
    label: str
    icon: str
    within: tuple[str, ...]


DOORS = (
    _Door("organisation_home", gettext_noop("Home"), "house", ("organisation_home",)),
    _Door("campaign_detail", gettext_noop("Campaign"), "megaphone", ("campaign_", "post_", "link_", "target_")),
    _Door("translation_list", gettext_noop("Translate"), "translate", ("translation_",)),
    _Door("queue", gettext_noop("Queue"), "calendar3", ("queue", "schedule_", "item_move", "item_draft")),
    _Door("inbox", gettext_noop("Inbox"), "inbox", ("inbox", "item_posted")),
    _Door("channel_list", gettext_noop("Channels"), "broadcast", ("channel_", "changes")),
    _Door("log", gettext_noop("Publish log"), "journal-check", ("log", "item_story", "settle")),
)

_OF_A_CAMPAIGN = ("campaign_detail", "translation_list")


def places(organisation: Organisation, campaign: Campaign | None, counts: Counts, view: str) -> list[Place]:
    """The places of `organisation`, in order; `view` is the name of the page one is on. A place whose address does
    not exist is left out, as is translating for a coordinator, who writes the source."""
    numbers = {"inbox": (counts.waiting, "hand"), "log": (counts.look, "look")}
    found = []
    for door in DOORS:
        url = (
            ""
            if door.view == "translation_list" and organisation.is_coordinator
            else _url(door, organisation, campaign)
        )
        if url:
            count, state = numbers.get(door.view, (0, ""))
            found.append(Place(_(door.label), url, door.icon, view.startswith(door.within), count, state))
    return found


def operators_places(user: User, view: str) -> list[Place]:
    """What only those have who run the installation."""
    if not can_anywhere(user, Action.OPERATE):
        return []
    return [Place(_("Status"), reverse("status"), "activity", view in {"status", "restored"})]


def _url(door: _Door, organisation: Organisation, campaign: Campaign | None) -> str:
    """The place's address; empty where there is none."""
    arguments = {} if door.view == "log" else {"organisation": organisation.slug}
    if door.view in _OF_A_CAMPAIGN:
        arguments["campaign"] = campaign.slug if campaign else ""
    if door.view == "translation_list":
        arguments["language"] = organisation.language
    try:
        return reverse(door.view, kwargs=arguments)
    except NoReverseMatch:
        return ""


def count(user: User, organisation: Organisation) -> Counts:
    """What waits for a person, in one query."""
    items = ScheduledItem.objects.visible_to(user).filter(state__in=NEEDS_A_PERSON)
    rows = list(items.values_list("channel__organisation", "state").annotate(Count("pk")))
    own = [(state, number) for of, state, number in rows if of == organisation.pk]
    waiting = sum(number for state, number in own if state == State.WAITING)
    look = sum(number for state, number in own if state in NEEDS_A_LOOK)
    seen = sum(number for _of, state, number in rows if state in NEEDS_A_LOOK)
    return Counts(waiting, seen if organisation in coordinated(user) else look, seen)


def clocks(organisation: Organisation, campaign: Campaign | None, now: datetime) -> list[Clock]:
    """The organisation's own time, and the coordinator's where that is another one."""
    here = Clock(f"{now.astimezone(organisation.zone):%H:%M}", organisation.city)
    if campaign is None:
        return [here]
    there = Clock(f"{now.astimezone(campaign.organiser.zone):%H:%M}", campaign.organiser.city)
    return [here] if there.time == here.time else [here, there]


def alarms(now: datetime, zone: ZoneInfo) -> list[str]:
    """What must not stay unseen, in sentences with times of `zone`: nothing goes out, or nothing is looked after;
    and at the end what to do about it."""
    beats = {beat.name: beat.beat_at for beat in Heartbeat.objects.filter(name__in=_SILENT)}
    silent = [name for name in _SILENT if name not in beats or now - beats[name] > SILENCE]
    sentences = [str(_SILENT[name]) % {"since": _since(beats.get(name), now, zone)} for name in silent]
    return [*sentences, _remedy()] if sentences else []


_SILENT = {
    "publish": gettext_lazy("No worker has answered %(since)s: nothing goes out."),
    "rest": gettext_lazy(
        "Nobody has looked after mails and unclear posts %(since)s: reminders are not sent, and what became of an "
        "unclear post is not found out."
    ),
}
"""What it means when a kind of hand is silent, by the name of its heartbeat."""


def _since(beat_at: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    if beat_at is None:
        return _("yet")
    there = beat_at.astimezone(zone)
    if there.date() == now.astimezone(zone).date():
        return _("since %(time)s") % {"time": f"{there:%H:%M}"}
    return _("since %(day)s, %(time)s") % {"day": f"{there:%Y-%m-%d}", "time": f"{there:%H:%M}"}


def _remedy() -> str:
    if settings.DEMO:
        return _(
            "If it does not come back by itself in a minute, stop the demo with Ctrl-C and start it with “make demo”."
        )
    return _(
        "Start it with “celery -A config worker -Q publish,rest” and “celery -A config beat”, or ask the operator to; "
        "the broker must answer too."
    )
