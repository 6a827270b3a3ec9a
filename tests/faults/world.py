"""What is planned in a run: organisations, channels of three kinds, posts with a mark in every part, items by the thousand."""

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from accounts.crypto import encrypt
from accounts.models import Organisation
from campaign.models import Campaign, Post, Translation
from scheduler import clock
from scheduler.models import Channel, ScheduledItem
from scheduler.services import transition
from scheduler.states import State
from tests import factories
from tests.faults.adapter import BLIND, KEYED, PLAIN

ORGANISATIONS, CHANNELS_EACH = 12, 8
KINDS = (PLAIN, PLAIN, PLAIN, KEYED, BLIND)
PARTS = 6
"""Of a thread."""
MARK = re.compile(r"c\d+p\d+s\d+")
"""Stands once in every part, and stays when people edit the words around it."""


@dataclass(frozen=True)
class Size:
    """How much is planned: `items` in all, due over `seconds`; one post of `thread_every` is a thread of six."""

    items: int
    seconds: float
    thread_every: int = 25


def words(post: Post, edit: int = 0) -> str:
    """The post's text; `edit` changes words, never a mark."""
    stem = f"c{post.campaign_id}p{post.number}"
    if post.title != "thread":
        return f"{stem}s1 116 006 answers in 13 countries, version {edit}. {{hashtags}}"
    filler = "Somebody listens, in your own language, and it costs nothing. " * 6
    return "\n\n".join(f"{stem}s{part} version {edit}. {filler.strip()}" for part in range(1, PARTS + 1))


def make(size: Size, seed: int, network_url: str) -> int:
    """Plans everything; returns how many items there are."""
    dice = random.Random(seed)
    channels = _channels(network_url)
    campaigns = _campaigns([channel.organisation for channel in channels[::CHANNELS_EACH]])
    begin, items = clock.now(), list[ScheduledItem]()
    for number in count(1):
        planned = _post(campaigns[number % len(campaigns)], number, size.thread_every)
        for channel in channels:
            items += _planned(planned, channel, dice, begin, size.seconds)
        if len(items) >= size.items:
            break
    ScheduledItem.objects.bulk_create(items[: size.items], batch_size=500)
    for channel in Channel.objects.all():
        transition.set_next_due(channel)
    return ScheduledItem.objects.count()


def _channels(network_url: str) -> list[Channel]:
    made = []
    for number in range(ORGANISATIONS):
        own = factories.organisation(f"organisation-{number}", is_coordinator=number == 0)
        for place in range(CHANNELS_EACH):
            kind = KINDS[(number * CHANNELS_EACH + place) % len(KINDS)]
            channel = factories.channel(own, base_url=network_url)
            account = f"{kind}-{channel.pk}"
            channel.remote_id = account
            channel.credentials = encrypt({"account": account, "author": channel.name, "token": "only-for-tests"})
            channel.save()
            made.append(channel)
    return made


def _campaigns(organisations: list[Organisation]) -> list[Campaign]:
    """Two with the usual grace, and one whose posts are soon too late."""
    first, *others = organisations
    usual = [factories.campaign(first, *others) for _ in range(2)]
    return [*usual, *usual, factories.campaign(first, *others, grace_minutes=2)]


def _post(campaign: Campaign, number: int, thread_every: int) -> Translation:
    title = "thread" if number % thread_every == 3 % thread_every else "single"
    post = factories.post(campaign, number, title)
    return factories.translation(post, campaign.organiser, full=words(post))


def _planned(
    planned: Translation, channel: Channel, dice: random.Random, begin: datetime, seconds: float
) -> list[ScheduledItem]:
    """The post on the channel, now and then with a deliberate repeat a little later."""
    due = begin + timedelta(seconds=dice.uniform(0, seconds))
    items = [_item(planned, channel, due, 1)]
    if dice.random() < 0.04:
        items.append(_item(planned, channel, due + timedelta(seconds=20), 2))
    return items


def _item(planned: Translation, channel: Channel, due: datetime, occurrence: int) -> ScheduledItem:
    """As scheduling leaves it, without the line in the log."""
    campaign = planned.post.campaign
    return ScheduledItem(
        campaign=campaign, post=planned.post, channel=channel, revision=planned.words, language="en",
        occurrence=occurrence, state=State.SCHEDULED, due_at=due, due_wall=due, due_zone="UTC",
        due_local_date=due.date(), next_try_at=due, expires_at=due + timedelta(minutes=campaign.grace_minutes),
    )  # fmt: skip


def release_all() -> None:
    """Ends every pause that people left."""
    Campaign.objects.update(paused=False)
    Organisation.objects.update(paused=False)
