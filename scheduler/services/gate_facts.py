"""What the gates ask of an item, read in one statement, because every item passes them twice."""

from dataclasses import dataclass, fields
from functools import cached_property

from django.db.models import BigAutoField, DateTimeField, Exists, F, OuterRef, QuerySet, Subquery

from campaign.models import Link, Translation, Visual
from campaign.services.merge import links_in
from campaign.services.render import LINKS
from campaign.statements import Given, Question
from networks import registry
from scheduler import clock
from scheduler.models import NetworkSwitch, ScheduledItem, Transport
from scheduler.states import UNSETTLED, HoldReason, State


@dataclass(frozen=True)
class Closed:
    """A closed gate: the reason as data, and the sentence that people read."""

    reason: HoldReason
    sentence: str


@dataclass(frozen=True)
class Facts:
    """An item as the gates see it at one moment. `made_from` is the source's revision that the text was made from."""

    item_id: int
    campaign_id: int
    network: str
    transport: str
    is_restored: bool
    campaign_paused: bool
    organisation_paused: bool
    network_paused: bool
    health: str
    full: str
    short: str
    variants: dict[str, str]
    alts: dict[str, str]
    warning: str
    hashtags: list[str]
    pinned_revision: int
    newest_revision: int
    translation_state: str
    is_source: bool
    made_from: int
    source_now: int | None
    earlier_unsettled: bool
    has_pictures: bool
    some_link_closed: bool

    @classmethod
    def of(cls, item_id: int) -> "Facts":
        """Reads them now."""
        return cls(*FACTS_OF.rows(item=item_id, now=clock.now())[0])

    @cached_property
    def links(self) -> list[Link]:
        """The campaign's links, read once for the rendering and, where one is closed, for the gates; none where no text
        names one."""
        return LINKS.objects(campaign=self.campaign_id) if any(links_in(text) for text in self.texts) else []

    @property
    def costs_money(self) -> bool:
        """Whether the network takes money for this post."""
        return self.transport == Transport.API and registry.get(self.network).price is not None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every version of the text that might be chosen on this network."""
        return (self.full, self.short, self.variants.get(self.network, ""))


def with_facts(items: QuerySet[ScheduledItem]) -> QuerySet[ScheduledItem]:
    """The items with the fields of `Facts` as annotations, in the order in which they stand there. Asks for `now`."""
    text = "revision__translation__"
    return items.annotate(
        fact_item_id=F("id"),
        fact_campaign_id=F("campaign_id"),
        fact_network=F("channel__network"),
        fact_transport=F("channel__transport"),
        fact_is_restored=F("is_restored"),
        fact_campaign_paused=F("campaign__paused"),
        fact_organisation_paused=F("channel__organisation__paused"),
        fact_network_paused=Exists(NetworkSwitch.objects.filter(network=OuterRef("channel__network"), paused=True)),
        fact_health=F("channel__health"),
        fact_full=F("revision__full"),
        fact_short=F("revision__short"),
        fact_variants=F("revision__variants"),
        fact_alts=F("revision__alts"),
        fact_warning=F("revision__warning"),
        fact_hashtags=F("campaign__hashtags"),
        fact_pinned_revision=F("revision__number"),
        fact_newest_revision=F(f"{text}revision"),
        fact_translation_state=F(f"{text}state"),
        fact_is_source=F(f"{text}is_source"),
        fact_made_from=F(f"{text}source_revision"),
        fact_source_now=Subquery(
            Translation.objects.filter(post=OuterRef("post"), is_source=True).values("revision")[:1]
        ),
        fact_earlier_unsettled=Exists(_earlier()),
        fact_has_pictures=Exists(Visual.objects.filter(post=OuterRef("post"))),
        fact_some_link_closed=Exists(
            Link.objects.filter(campaign=OuterRef("campaign")).closed_at(Given("now", DateTimeField()))
        ),
    )


def _earlier() -> QuerySet[ScheduledItem]:
    """Earlier runs of the same post in the same language on the same channel that are not settled. That none of them
    is cancelled follows from it, and is said because only then SQLite uses the index of all that are not."""
    same = {name: OuterRef(name) for name in ("channel", "post", "language")}
    earlier = ScheduledItem.objects.filter(**same, occurrence__lt=OuterRef("occurrence"), state__in=UNSETTLED)
    return earlier.exclude(state=State.CANCELLED).exclude(state=State.UNRESOLVED, confirmed=True)


FACTS_OF = Question[ScheduledItem](
    lambda: with_facts(ScheduledItem.objects.filter(pk=Given("item", BigAutoField()))).values_list(
        *(f"fact_{field.name}" for field in fields(Facts))
    )
)
