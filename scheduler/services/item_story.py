"""The whole story of one item: who did what, what was sent, what the network said, and what can be done now."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Role, User
from scheduler.models import LogPayload, PublishLogEntry, ScheduledItem, Segment, SegmentNumbers
from scheduler.services.sentences import why_held
from scheduler.services.story import network_of, sentence
from scheduler.states import State

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MEANINGS: Mapping[str, "_StrPromise"] = {
    State.DRAFT: gettext_lazy("It is a draft: it does not go out until somebody schedules it in the queue."),
    State.SCHEDULED: gettext_lazy("It waits for its time, and Chorus takes it up by itself."),
    State.HELD: gettext_lazy("It is held. %(why)s"),
    State.PUBLISHING: gettext_lazy("It is going out at this moment. Look again in a minute."),
    State.UNCERTAIN: gettext_lazy(
        "We sent it and got no definite answer from %(network)s. It may be online. We look for it and do not send it "
        "again by ourselves. Look at the channel, then say what you found."
    ),
    State.WAITING: gettext_lazy("It is posted by hand: it waits in the organisation’s inbox until somebody has."),
    State.PUBLISHED: gettext_lazy("It is out. Nothing is to be done."),
    State.PARTIAL: gettext_lazy(
        "Some of its parts are out on %(network)s and the rest is not. Give it a new time in the queue to send the "
        "rest, or stop here."
    ),
    State.FAILED: gettext_lazy(
        "It did not go out and is not tried again. Give it a new time in the queue, or cancel it."
    ),
    State.MISSED: gettext_lazy("Its time passed and it did not go out. Give it a new time in the queue, or cancel it."),
    State.UNRESOLVED: gettext_lazy(
        "It may be out on %(network)s and nobody could say so for certain. It is not sent again. If you find it there, "
        "put in its address."
    ),
    State.CANCELLED: gettext_lazy("It was cancelled and does not go out."),
}
"""State → what it means now and what a person can do."""


NUMBERS: Mapping[str, "_StrPromise"] = {
    "likes": gettext_lazy("Likes"),
    "shares": gettext_lazy("Shares"),
    "replies": gettext_lazy("Replies"),
    "views": gettext_lazy("Views"),
}
"""Column of SegmentNumbers → what people call it."""


@dataclass(frozen=True)
class Told:
    """A line with its teller and the words that came with it. `is_forgotten`: those words were erased on request."""

    entry: PublishLogEntry
    sentence: str
    who: str
    words: tuple[str, ...]
    is_forgotten: bool


@dataclass(frozen=True)
class Part:
    """A segment as it was frozen, and where it can be seen; `url` is empty unless it is a web address. `numbers` is what
    the network counted, when it has been read."""

    segment: Segment
    url: str
    numbers: SegmentNumbers | None

    @property
    def counted(self) -> list[tuple[str, int]]:
        """What was counted, each with its name; only what the network tells."""
        if self.numbers is None:
            return []
        named = [(str(NUMBERS[name]), getattr(self.numbers, name)) for name in NUMBERS]
        return [(name, number) for name, number in named if number is not None]


def meaning(item: ScheduledItem) -> str:
    """What the item's state means now, and what to do."""
    values = {"network": network_of(item.channel.network)[0], "why": why_held(item)}
    return str(MEANINGS[item.state]) % values


def told(item: ScheduledItem) -> list[Told]:
    """The item's lines in the order in which they happened; five queries, whatever their number."""
    entries = list(item.log.select_related("organisation", "channel", "post", "payload").order_by("number"))
    people = _names(entry.actor_id for entry in entries if entry.actor_id)
    acting = {entry.actor_organisation_id for entry in entries if entry.actor_organisation_id}
    organisations = dict(Organisation.objects.filter(pk__in=acting).values_list("pk", "name"))
    return [_told(entry, people, organisations) for entry in entries]


def parts(item: ScheduledItem) -> list[Part]:
    """The item's segments with their attempts, the first one first."""
    found = item.segments.select_related("numbers").prefetch_related("attempts").order_by("position")
    return [
        Part(
            segment,
            segment.url if segment.url.startswith(("https://", "http://")) else "",
            getattr(segment, "numbers", None),
        )
        for segment in found
    ]


def _names(actors: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of those who still have a login; the log itself knows none."""
    return dict(User.objects.filter(actor_id__in=set(actors)).values_list("actor_id", "name"))


def _told(entry: PublishLogEntry, people: Mapping[uuid.UUID, str], organisations: Mapping[int, str]) -> Told:
    payload: LogPayload | None = getattr(entry, "payload", None)
    body = payload.body if payload else {}
    said = tuple(str(body[key]) for key in ("code", "message", "sentence", "reason", "accepted") if body.get(key))
    place = organisations.get(entry.actor_organisation_id or 0, "")
    name = people.get(entry.actor_id, "") if entry.actor_id else ""
    return Told(entry, sentence(entry), _who(entry.actor_role, place, name), said, bool(payload and payload.erased_at))


def _who(role: str, organisation: str, name: str) -> str:
    """«Editor, France Victimes (name)», without a name that only repeats the role; empty where Chorus itself did it."""
    if role not in Role.values:
        return name
    label = str(Role(role).label)
    title = _(label)
    acting = _("%(role)s, %(organisation)s") % {"role": title, "organisation": organisation} if organisation else title
    return f"{acting} ({name})" if name and name not in (title, label) else acting
