"""The lines of the queue: an item in words, and what this person can do about it now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.permissions import Action, can
from scheduler.models import ScheduledItem, Transport
from scheduler.services.change import CANCELLABLE, MOVABLE
from scheduler.states import HoldReason, State
from scheduler.views.addresses import address_by_number

SENDABLE = MOVABLE - {State.WAITING, State.HELD}
CONFIRMABLE = frozenset({HoldReason.NEW_REVISION, HoldReason.CHECKS, HoldReason.RESTORED})
"""What holds an item until a person says that it is still right."""


@dataclass(frozen=True)
class Way:
    """Something to do: what its link or button says, and its address."""

    label: str
    url: str


@dataclass(frozen=True)
class Row:
    """An item as a line of the queue. `links` lead to a page, `buttons` change the item as it is in this `version`."""

    item: ScheduledItem
    id: str
    version: str
    time: str
    name: str
    transport: str
    story: str
    links: list[Way]
    buttons: list[Way]
    message: str = ""


@dataclass(frozen=True)
class Day:
    """The items of one day where the organisation is."""

    date: date
    rows: list[Row]


class Rows:
    """Makes the lines of an organisation's items for one person."""

    def __init__(self, user: User, organisation: Organisation) -> None:
        self._zone = organisation.zone
        self._may = can(user, Action.SCHEDULE, organisation)
        self._story = address_by_number("item_story")
        self._draft, self._move, self._still_right, self._publish_now, self._cancel = (
            address_by_number(view, organisation.slug)
            for view in ("item_draft", "item_move", "item_still_right", "item_publish_now", "item_cancel")
        )

    def row(self, item: ScheduledItem, message: str = "") -> Row:
        """The item's line."""
        links, buttons = (self._links(item), self._buttons(item)) if self._may else ([], [])
        return Row(
            item=item,
            id=f"item-{item.pk}",
            version=str(item.version),
            time=f"{item.due_at.astimezone(self._zone):%H:%M}",
            name=_("Post %(number)s") % {"number": item.post.number},
            transport=_(Transport(item.channel.transport).label),
            story=self._story(item.pk),
            links=links,
            buttons=buttons,
            message=message,
        )

    def days(self, items: Iterable[ScheduledItem]) -> list[Day]:
        """Lines under their days; `items` come in order of time."""
        by_day = groupby(items, key=lambda item: item.due_at.astimezone(self._zone).date())
        return [Day(day, [self.row(item) for item in group]) for day, group in by_day]

    def _links(self, item: ScheduledItem) -> list[Way]:
        links = []
        if item.state == State.DRAFT:
            links.append(Way(_("Open the draft"), self._draft(item.pk)))
        if item.state in MOVABLE:
            links.append(Way(_("Move to…"), self._move(item.pk)))
        return links

    def _buttons(self, item: ScheduledItem) -> list[Way]:
        buttons = []
        if item.state == State.HELD and item.hold_reason in CONFIRMABLE:
            buttons.append(Way(_("Still right"), self._still_right(item.pk)))
        if item.state in SENDABLE:
            buttons.append(Way(_("Publish now"), self._publish_now(item.pk)))
        if item.state in CANCELLABLE:
            cancel = _("Delete the draft") if item.state == State.DRAFT else _("Cancel")
            buttons.append(Way(cancel, self._cancel(item.pk)))
        return buttons
