"""Loads the sample to try Chorus with: the campaign, each organisation's channels, and a few items that are planned."""

import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from accounts.actors import actor_for
from accounts.crypto import encrypt
from accounts.models import Organisation, User
from accounts.permissions import Action, can
from campaign.models import Campaign
from campaign.services import sample
from campaign.services.sample_files import HELPLINE_WEEK, Sample, SampleChannel, read_sample
from scheduler import clock
from scheduler.models import Channel, Transport
from scheduler.services.schedule import Wish, schedule


@dataclass(frozen=True)
class Soon:
    """This long after loading."""

    wait: timedelta

    def wall(self, here: datetime) -> datetime:
        """The naive time on the wall, where it is `here` now."""
        return (here + self.wait).replace(tzinfo=None, microsecond=0)


@dataclass(frozen=True)
class OnDay:
    """At `at`, `days` after the day of loading."""

    days: int
    at: time

    def wall(self, here: datetime) -> datetime:
        """The naive time on the wall, where it is `here` now."""
        return datetime.combine(here.date() + timedelta(days=self.days), self.at)


@dataclass(frozen=True)
class Planned:
    """One item of the sample: slugs, the post's number, and when."""

    organisation: str
    network: str
    post: int
    language: str
    when: Soon | OnDay


PLANNED = (
    Planned("vse", "facebook", 2, "en", Soon(timedelta(seconds=20))),
    Planned("vse", "linkedin", 2, "en", Soon(timedelta(minutes=1))),
    Planned("vse", "mastodon", 3, "en", Soon(timedelta(minutes=2))),
    Planned("vse", "facebook", 1, "en", OnDay(1, time(10))),
    Planned("vse", "bluesky", 4, "en", OnDay(1, time(14, 30))),
    Planned("france-victimes", "facebook", 2, "fr", OnDay(1, time(9, 30))),
    Planned("france-victimes", "mastodon", 3, "fr", OnDay(2, time(12))),
    Planned("france-victimes", "facebook", 1, "fr", OnDay(3, time(10, 15))),
)
"""Post 1 needs the statement, which is under embargo: both of its items are held at once and say so."""

REASON = "Part of the sample campaign."


def load() -> bool:
    """Loads the sample unless it is there; says whether it was not. All of it is stored, or nothing."""
    entries = read_sample(HELPLINE_WEEK)
    zone = next(entry.time_zone for entry in entries.organisations if entry.slug == entries.campaign.organiser)
    with transaction.atomic():
        is_new = not Campaign.objects.filter(slug=entries.campaign.slug).exists()
        campaign = sample.load(clock.now().astimezone(ZoneInfo(zone)).date())
        if is_new:
            _connect(entries)
            for planned in PLANNED:
                _plan(planned, campaign)
    return is_new


def _connect(entries: Sample) -> None:
    for entry in entries.organisations:
        organisation = Organisation.objects.get(slug=entry.slug)
        for channel in entry.channels:
            _channel(channel, organisation)


def _channel(entry: SampleChannel, organisation: Organisation) -> None:
    """On the wall an account belongs to whoever wrote there first with a token, so each gets a token of its own."""
    on_wall = entry.transport == Transport.WALL
    sign = {"account": organisation.slug, "author": entry.name, "token": secrets.token_hex(16)}
    Channel.objects.get_or_create(
        organisation=organisation,
        network=entry.network,
        name=entry.name,
        defaults={
            "transport": entry.transport,
            "base_url": settings.WALL_URL if on_wall else "",
            "credentials": encrypt(sign) if on_wall else "",
        },
    )


def follow_the_wall() -> int:
    """Lets the channels on the wall speak to where the wall stands now; returns how many did not. A demo that is
    started again may have another port for it."""
    strayed = Channel.objects.filter(transport=Transport.WALL).exclude(base_url=settings.WALL_URL)
    return strayed.update(base_url=settings.WALL_URL)


def _plan(planned: Planned, campaign: Campaign) -> None:
    channel = Channel.objects.select_related("organisation").get(
        organisation__slug=planned.organisation, network=planned.network
    )
    organisation = channel.organisation
    wall = planned.when.wall(clock.now().astimezone(organisation.zone))
    post = campaign.posts.get(number=planned.post)
    wish = Wish(post=post, channel=channel, language=planned.language, wall=wall, accepted=REASON)
    schedule(wish, actor_for(_scheduler_of(organisation), organisation))


def _scheduler_of(organisation: Organisation) -> User:
    """Whoever came first there of those who may schedule."""
    members = User.objects.filter(membership__organisation=organisation).order_by("pk")
    return next(user for user in members if can(user, Action.SCHEDULE, organisation))
