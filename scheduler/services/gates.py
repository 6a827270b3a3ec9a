"""The gates: what must be open before an item may go out. The one place that knows them and their words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.models import Link, Translation, TranslationState
from campaign.services.merge import links_in
from scheduler import clock
from scheduler.models import Health, NetworkSwitch, ScheduledItem
from scheduler.states import UNSETTLED, HoldReason, State


@dataclass(frozen=True)
class Closed:
    """A closed gate: the reason as data, and the sentence that people read."""

    reason: HoldReason
    sentence: str


Gate = Callable[[ScheduledItem], Closed | None]


def first_closed(item: ScheduledItem) -> Closed | None:
    """The first gate that is closed for the item now, or None. Reads the database each time: a gate that was open
    when the item was claimed may have closed since."""
    return next((closed for gate in GATES if (closed := gate(item))), None)


def _restored(item: ScheduledItem) -> Closed | None:
    if not item.is_restored:
        return None
    return Closed(
        HoldReason.RESTORED, "This was restored from a backup. An admin confirms that it has not gone out yet."
    )


def _campaign_paused(item: ScheduledItem) -> Closed | None:
    if not type(item.campaign).objects.filter(pk=item.campaign_id, paused=True).exists():
        return None
    return Closed(
        HoldReason.CAMPAIGN_PAUSED, "The whole campaign is paused. It goes on when the coordinator ends the pause."
    )


def _organisation_paused(item: ScheduledItem) -> Closed | None:
    organisations = type(item.channel.organisation).objects
    if not organisations.filter(pk=item.channel.organisation_id, paused=True).exists():
        return None
    return Closed(HoldReason.ORGANISATION_PAUSED, "Your organisation is paused. One of its admins can end the pause.")


def _network_paused(item: ScheduledItem) -> Closed | None:
    if not NetworkSwitch.objects.filter(network=item.channel.network, paused=True).exists():
        return None
    return Closed(HoldReason.NETWORK_PAUSED, f"{item.channel.rules.name} is paused for everybody by an admin.")


def _reconnect(item: ScheduledItem) -> Closed | None:
    channels = type(item.channel).objects
    if channels.filter(pk=item.channel_id, health=Health.OK).exists():
        return None
    return Closed(HoldReason.RECONNECT, "The channel must be connected again before anything goes out on it.")


def links_of(item: ScheduledItem) -> list[Link]:
    """The campaign's links that the planned text names, in any of its versions."""
    revision = item.revision
    texts = [revision.full, revision.short, revision.variants.get(item.channel.network, "")]
    slugs = {slug for text in texts for slug in links_in(text)}
    return list(Link.objects.filter(campaign=item.campaign_id, slug__in=slugs)) if slugs else []


def _links(item: ScheduledItem) -> Closed | None:
    now = clock.now()
    for link in links_of(item):
        if link.is_embargoed(now):
            return Closed(
                HoldReason.EMBARGO, f"“{link.title}” is under embargo until {link.available_from:%d %B %Y, %H:%M} UTC."
            )
        if not link.url:
            return Closed(
                HoldReason.LINK_EMPTY,
                f"“{link.title}” has no address yet. It goes on when the coordinator fills it in.",
            )
    return None


def _translation(item: ScheduledItem) -> Closed | None:
    translation = Translation.objects.get(pk=item.revision.translation_id)
    if translation.revision != item.revision.number:
        return Closed(
            HoldReason.NEW_REVISION, "The text was changed after this was planned. Look at it and say «still right»."
        )
    if translation.state != TranslationState.APPROVED:
        return Closed(HoldReason.UNAPPROVED, "The text is not approved yet.")
    source = Translation.objects.filter(post=item.post_id, is_source=True).values_list("revision", flat=True).first()
    if not translation.is_source and source is not None and translation.source_revision < source:
        return Closed(
            HoldReason.STALE, "The source changed after this translation was made. Compare them and save or confirm."
        )
    return None


def _earlier(item: ScheduledItem) -> Closed | None:
    if item.occurrence == 1:
        return None
    earlier = ScheduledItem.objects.filter(
        channel=item.channel_id, post=item.post_id, language=item.language, occurrence__lt=item.occurrence,
        state__in=UNSETTLED,
    ).exclude(state=State.UNRESOLVED, confirmed=True)  # fmt: skip
    if not earlier.exists():
        return None
    return Closed(HoldReason.EARLIER, "An earlier run of this post on this channel is not settled yet.")


GATES: tuple[Gate, ...] = (
    _restored, _campaign_paused, _organisation_paused, _network_paused, _reconnect, _links, _translation, _earlier,
)  # fmt: skip


def expires(item: ScheduledItem) -> datetime:
    """Until when it may still go out: its grace counts from the latest of its time, the end of an embargo, and the
    moment a link was filled in."""
    return max(_beginnings(item)) + timedelta(minutes=item.campaign.grace_minutes)


def _beginnings(item: ScheduledItem) -> Iterator[datetime]:
    yield item.due_at
    for link in links_of(item):
        if link.open_since:
            yield link.open_since
