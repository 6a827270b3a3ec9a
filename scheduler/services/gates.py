"""The gates: what must be open before an item may go out. The one place that knows them and their words."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop as _

from campaign.models import Link, TranslationState
from campaign.services.merge import links_in
from campaign.services.render import LINKS
from networks import registry
from scheduler import clock
from scheduler.models import Health, ScheduledItem
from scheduler.services import budget, similar
from scheduler.services.gate_facts import Closed, Facts
from scheduler.states import HoldReason

Gate = Callable[[Facts], Closed | None]

NETWORK_PAUSED = _("%(network)s is paused for everybody by an admin.")
EMBARGO = _("“%(link)s” is under embargo until %(until)s UTC.")
LINK_EMPTY = _("“%(link)s” has no address yet. It goes on when the coordinator fills it in.")


def first_closed(item_id: int) -> Closed | None:
    """The first gate that is closed for the item now, or None. Reads the database each time: a gate that was open
    when the item was claimed may have closed since."""
    return closed_by(Facts.of(item_id))


def closed_by(facts: Facts) -> Closed | None:
    """The first gate that is closed by what was read."""
    return next((closed for gate in GATES if (closed := gate(facts))), None)


def _restored(facts: Facts) -> Closed | None:
    if not facts.is_restored:
        return None
    return Closed(
        HoldReason.RESTORED, _("This was restored from a backup. An admin confirms that it has not gone out yet.")
    )


def _campaign_paused(facts: Facts) -> Closed | None:
    if not facts.campaign_paused:
        return None
    return Closed(
        HoldReason.CAMPAIGN_PAUSED, _("The whole campaign is paused. It goes on when the coordinator ends the pause.")
    )


def _organisation_paused(facts: Facts) -> Closed | None:
    if not facts.organisation_paused:
        return None
    return Closed(
        HoldReason.ORGANISATION_PAUSED, _("Your organisation is paused. One of its admins can end the pause.")
    )


def _network_paused(facts: Facts) -> Closed | None:
    if not facts.network_paused:
        return None
    return Closed(HoldReason.NETWORK_PAUSED, NETWORK_PAUSED % {"network": registry.get(facts.network).name})


def _reconnect(facts: Facts) -> Closed | None:
    if facts.health == Health.OK:
        return None
    return Closed(HoldReason.RECONNECT, _("The channel must be connected again before anything goes out on it."))


def _links(facts: Facts) -> Closed | None:
    if not facts.some_link_closed:
        return None
    now = clock.now()
    named = {slug for text in facts.texts for slug in links_in(text)}
    for link in facts.links:
        if link.slug not in named:
            continue
        if link.is_embargoed(now):
            return Closed(
                HoldReason.EMBARGO, EMBARGO % {"link": link.title, "until": f"{link.available_from:%Y-%m-%d %H:%M}"}
            )
        if not link.url:
            return Closed(HoldReason.LINK_EMPTY, LINK_EMPTY % {"link": link.title})
    return None


def _translation(facts: Facts) -> Closed | None:
    if facts.newest_revision != facts.pinned_revision:
        return Closed(
            HoldReason.NEW_REVISION, _("The text was changed after this was planned. Look at it and say «still right».")
        )
    if facts.translation_state != TranslationState.APPROVED:
        return Closed(HoldReason.UNAPPROVED, _("The text is not approved yet."))
    if facts.source_now is not None and not facts.is_source and facts.made_from < facts.source_now:
        return Closed(
            HoldReason.STALE, _("The source changed after this translation was made. Compare them and save or confirm.")
        )
    return None


def _earlier(facts: Facts) -> Closed | None:
    if not facts.earlier_unsettled:
        return None
    return Closed(HoldReason.EARLIER, _("An earlier run of this post on this channel is not settled yet."))


def _says(reason: HoldReason, ask: Callable[[ScheduledItem], str]) -> Gate:
    """A gate that is closed where `ask` has a sentence to say. Only posts that cost money are asked about: they alone
    have a budget, and the network that takes it alone forbids posts that are alike."""

    def gate(facts: Facts) -> Closed | None:
        if not facts.costs_money:
            return None
        sentence = ask(ScheduledItem.objects.for_lists().get(pk=facts.item_id))
        return Closed(reason, sentence) if sentence else None

    return gate


GATES: tuple[Gate, ...] = (
    _restored, _campaign_paused, _organisation_paused, _network_paused, _reconnect, _links, _translation, _earlier,
    _says(HoldReason.SIMILAR, similar.too_similar), _says(HoldReason.BUDGET, budget.used_up),
)  # fmt: skip


def links_of(campaign_id: int, texts: tuple[str, ...]) -> list[Link]:
    """The campaign's links that a planned text names, in any of its versions."""
    slugs = {slug for text in texts for slug in links_in(text)}
    return [link for link in LINKS.objects(campaign=campaign_id) if link.slug in slugs] if slugs else []


def expires(item: ScheduledItem) -> datetime:
    """Until when it may still go out: its grace counts from the latest of its time, the end of an embargo, and the
    moment a link was filled in."""
    return max(_beginnings(item)) + timedelta(minutes=item.campaign.grace_minutes)


def _beginnings(item: ScheduledItem) -> Iterator[datetime]:
    yield item.due_at
    revision = item.revision
    texts = (revision.full, revision.short, revision.variants.get(item.channel.network, ""))
    for link in links_of(item.campaign_id, texts):
        if link.open_since:
            yield link.open_since
