"""Rows to publish: one organisation for six channels, one post for each item of a channel."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from accounts.crypto import encrypt
from accounts.models import Organisation
from campaign.models import Campaign, Link, Participation, Post, Translation, TranslationRevision, TranslationState
from scheduler import clock
from scheduler.models import Channel, ScheduledItem, Transport
from scheduler.states import State

WORDS = "Post {number}. Victims of crime can call 116 006. {{hashtags}} {{link:help}}"
HELP = "https://victim-support.eu/help"
CHANNELS_EACH = 6
GRACE = timedelta(hours=6)


def make_campaign(posts: int) -> Campaign:
    """A campaign with so many approved posts in its source language."""
    organiser = Organisation.objects.create(
        slug="coordinator", name="Coordinator", country="BE", languages=["en"], is_coordinator=True
    )
    today = clock.now().date()
    campaign = Campaign.objects.create(
        slug="bench", title="Bench", organiser=organiser, hashtags=["#116006helpline"], starts_on=today, ends_on=today
    )
    Link.objects.create(campaign=campaign, slug="help", title="Help", url=HELP)
    add_posts(campaign, range(1, posts + 1))
    return campaign


def add_posts(campaign: Campaign, numbers: Iterable[int]) -> None:
    """Approved posts with these numbers."""
    for number in numbers:
        _post(campaign, number)


def text_of(number: int) -> str:
    """A post as it arrives at the network."""
    return WORDS.format(number=number).replace("{hashtags}", "#116006helpline").replace("{link:help}", HELP)


def _post(campaign: Campaign, number: int) -> None:
    post = Post.objects.create(campaign=campaign, number=number, title=f"Post {number}")
    translation = Translation.objects.create(
        post=post, organisation=campaign.organiser, language="en", is_source=True, state=TranslationState.APPROVED,
        revision=1, source_revision=1,
    )  # fmt: skip
    translation.current = TranslationRevision.objects.create(
        translation=translation, number=1, full=WORDS.format(number=number), source_revision=1, saved_at=clock.now()
    )
    translation.save()


def make_channels(campaign: Campaign, number: int, url: str) -> list[Channel]:
    """So many channels of organisations that take part, all speaking to the recording network."""
    channels: list[Channel] = []
    for index in range(number):
        if index % CHANNELS_EACH == 0:
            slug = f"organisation-{index}"
            own = Organisation.objects.create(slug=slug, name=slug, country="FI", languages=["en"])
            Participation.objects.create(campaign=campaign, organisation=own)
        sign = {"account": f"channel-{index}", "author": "Bench", "token": "bench"}
        channel = Channel(organisation=own, network="mastodon", transport=Transport.WALL, name=sign["account"])
        channel.base_url, channel.credentials = url, encrypt(sign)
        channels.append(channel)
    return Channel.objects.bulk_create(channels)


Keys = tuple[int, int, int, int, int]
"""Of an item: its own, its channel's, organisation's, campaign's and post's."""


def plan(campaign: Campaign, places: Sequence[tuple[Channel, int, datetime]], *, turns: bool = True) -> list[Keys]:
    """An item for each (channel, number of the post, moment), as scheduling would leave it, and the channels' turns."""
    texts = {
        translation.post.number: translation
        for translation in Translation.objects.filter(post__campaign=campaign).select_related("post", "current")
    }
    items = [_item(campaign, texts[number], channel, due) for channel, number, due in places]
    ScheduledItem.objects.bulk_create(items, batch_size=2000)
    if turns:
        _give_turns(places)
    return [(item.pk, item.channel_id, item.channel.organisation_id, item.campaign_id, item.post_id) for item in items]


def _give_turns(places: Sequence[tuple[Channel, int, datetime]]) -> None:
    first: dict[int, datetime] = {}
    for channel, _, due in places:
        first[channel.pk] = min(due, first.get(channel.pk, due))
    for channel in {channel.pk: channel for channel, _, _ in places}.values():
        channel.next_due = first[channel.pk]
        channel.save(update_fields=["next_due"])


def _item(campaign: Campaign, text: Translation, channel: Channel, due: datetime) -> ScheduledItem:
    return ScheduledItem(
        campaign=campaign, post=text.post, channel=channel, language="en", revision=text.words, state=State.SCHEDULED,
        due_at=due, due_wall=due, due_zone="UTC", due_local_date=due.date(), next_try_at=due, expires_at=due + GRACE,
    )  # fmt: skip
