"""Items of France Victimes in VSE's campaign, and lines of the log about them, made without any service."""

from datetime import UTC, datetime

from scheduler.models import LogPayload, PublishLogEntry, ScheduledItem, Segment
from scheduler.states import State
from tests import factories
from tests.personas import organisation_of

MORNING = datetime(2026, 4, 11, 7, 0, 4, tzinfo=UTC)


def item_of(slug: str = "france-victimes", state: str = State.UNCERTAIN, network: str = "facebook") -> ScheduledItem:
    """An item on a new channel of the organisation."""
    own = organisation_of(slug)
    whole = factories.campaign(organisation_of("vse"), own)
    post = factories.post(whole)
    factories.translation(post, organisation_of("vse"))
    return factories.item(post, factories.channel(own, network), state=state, due=MORNING)


def entry_of(item: ScheduledItem, verb: str = "item:uncertain", **columns: object) -> PublishLogEntry:
    """The item's next line; its hashes are only placeholders."""
    item.log_count += 1
    item.save(update_fields=["log_count"])
    values = {
        "at": MORNING,
        "state_to": item.state,
        "organisation": item.channel.organisation,
        "campaign": item.campaign,
        "channel": item.channel,
        "post": item.post,
        "network": item.channel.network,
        "language": item.language,
        "hash": "0" * 64,
        **columns,
    }
    return PublishLogEntry.objects.create(item=item, number=item.log_count, verb=verb, **values)


def payload_of(entry: PublishLogEntry, **columns: object) -> LogPayload:
    """What came with the line and may be forgotten."""
    return LogPayload.objects.create(entry=entry, salt="00", **columns)


def segment_of(item: ScheduledItem, text: str = "Call 116 006.", **columns: object) -> Segment:
    """The item's one part, frozen in the morning."""
    return Segment.objects.create(item=item, position=0, text=text, digest="a" * 64, frozen_at=MORNING, **columns)
