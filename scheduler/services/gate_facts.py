"""What the gates ask of an item, read in one statement, because every item passes them twice."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BigAutoField, Exists, OuterRef, Q, QuerySet, Subquery

from campaign.models import Translation
from campaign.statements import Given, Question
from scheduler.models import NetworkSwitch, ScheduledItem
from scheduler.states import UNSETTLED, HoldReason, State


@dataclass(frozen=True)
class Closed:
    """A closed gate: the reason as data, and the sentence that people read."""

    reason: HoldReason
    sentence: str


@dataclass(frozen=True)
class Facts:
    """An item as the gates see it at one moment. `made_from` is the source's revision that the text was made from."""

    campaign_id: int
    network: str
    is_restored: bool
    campaign_paused: bool
    organisation_paused: bool
    network_paused: bool
    health: str
    full: str
    short: str
    variants: dict[str, str]
    pinned_revision: int
    newest_revision: int
    translation_state: str
    is_source: bool
    made_from: int
    source_now: int | None
    earlier_unsettled: bool

    @classmethod
    def of(cls, item_id: int) -> "Facts":
        """Reads them now."""
        return cls(*_QUESTION.rows(item=item_id)[0])

    @property
    def texts(self) -> tuple[str, ...]:
        """Every version of the text that might be chosen on this network."""
        return (self.full, self.short, self.variants.get(self.network, ""))


def _question() -> QuerySet[ScheduledItem, tuple[Any, ...]]:
    """The columns in the order of the fields above."""
    return ScheduledItem.objects.filter(pk=Given("item", BigAutoField())).values_list(
        "campaign_id",
        "channel__network",
        "is_restored",
        "campaign__paused",
        "channel__organisation__paused",
        Exists(NetworkSwitch.objects.filter(network=OuterRef("channel__network"), paused=True)),
        "channel__health",
        "revision__full",
        "revision__short",
        "revision__variants",
        "revision__number",
        "revision__translation__revision",
        "revision__translation__state",
        "revision__translation__is_source",
        "revision__translation__source_revision",
        Subquery(Translation.objects.filter(post=OuterRef("post"), is_source=True).values("revision")[:1]),
        Exists(_earlier()),
    )


def _earlier() -> QuerySet[ScheduledItem]:
    """Earlier runs of the same post in the same language on the same channel that are not settled."""
    same = {name: OuterRef(name) for name in ("channel", "post", "language")}
    earlier = ScheduledItem.objects.filter(**same, occurrence__lt=OuterRef("occurrence"), state__in=UNSETTLED)
    return earlier.exclude(Q(state=State.UNRESOLVED, confirmed=True))


_QUESTION = Question[ScheduledItem](_question)
