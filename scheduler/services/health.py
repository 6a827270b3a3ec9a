"""How Chorus is doing, as facts: read in a number of queries that does not depend on how much is planned."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, Min, Q

from accounts.models import Organisation, OutboxMail
from campaign.models import Campaign
from scheduler import clock
from scheduler.models import Channel, Health, Heartbeat, NetworkSwitch, PublishAttempt, PublishLogEntry, ScheduledItem
from scheduler.services import log_triggers
from scheduler.states import ENDED, HoldReason, State

HANDS = ("publish", "rest")
"""The kinds of hand, by the name of their heartbeat and of their queue."""
OPEN_STATES = tuple(state for state in State if state not in ENDED)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Beat:
    """When a kind of hand last answered, and on which host; None if it never did."""

    name: str
    at: datetime | None = None
    host: str = ""


@dataclass(frozen=True)
class Items:
    """How many items stand in each state that something still leaves, and why those that are held are."""

    by_state: Mapping[State, int]
    held: Mapping[HoldReason, int]
    restored: int
    lease_over: int
    oldest_due: datetime | None  # of what is scheduled, whether its channel may speak now or not
    published_in_a_day: int


@dataclass(frozen=True)
class Channels:
    """`due` are free and their turn has come; `oldest_turn` is since when the first of them waits for a hand."""

    due: int
    busy: int
    reconnect: int
    oldest_turn: datetime | None


@dataclass(frozen=True)
class Mail:
    """What the outbox still has to send."""

    unsent: int
    oldest: datetime | None


@dataclass(frozen=True)
class Disk:
    """The folder that keeps pictures and spooled outcomes; sizes in bytes."""

    free: int
    total: int
    spooled: int

    @property
    def share_free(self) -> float:
        """From 0 to 1."""
        return self.free / self.total if self.total else 0.0


@dataclass(frozen=True)
class Paused:
    """What somebody has paused."""

    campaigns: int
    organisations: int
    networks: int


@dataclass(frozen=True)
class Signs:
    """Whether work is done, at one moment: `now`, aware UTC, by the database's clock."""

    now: datetime
    beats: Mapping[str, Beat]
    channels: Channels

    def age(self, moment: datetime | None) -> float:
        """Seconds since then; 0 for no moment, and for one that is still to come."""
        return max(0.0, (self.now - moment).total_seconds()) if moment else 0.0


@dataclass(frozen=True)
class Facts(Signs):
    """Everything else as well. `attempts` and `log_lines` are counted by their newest number: they only grow."""

    items: Items
    mail: Mail
    disk: Disk
    paused: Paused
    attempts: int
    log_lines: int
    unguarded: tuple[str, ...]


def signs() -> Signs:
    """Three small queries, however much is planned. Raises what the database raises where it does not answer."""
    now = clock.now()
    return Signs(now, _beats(), _channels(now))


def facts() -> Facts:
    """Reads all of it. Raises what the database raises where it does not answer."""
    now = clock.now()
    return Facts(
        now=now,
        beats=_beats(),
        channels=_channels(now),
        items=_items(now),
        mail=Mail(**OutboxMail.objects.filter(sent_at=None).aggregate(unsent=Count("pk"), oldest=Min("created_at"))),
        disk=disk(),
        paused=Paused(
            Campaign.objects.filter(paused=True).count(),
            Organisation.objects.filter(paused=True).count(),
            NetworkSwitch.objects.filter(paused=True).count(),
        ),
        attempts=PublishAttempt.objects.aggregate(newest=Max("pk"))["newest"] or 0,
        log_lines=PublishLogEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0,
        unguarded=tuple(log_triggers.missing()),
    )


def _beats() -> dict[str, Beat]:
    found = {row.name: Beat(row.name, row.beat_at, row.host) for row in Heartbeat.objects.filter(name__in=HANDS)}
    return {name: found.get(name, Beat(name)) for name in HANDS}


def _channels(now: datetime) -> Channels:
    # The claim's own condition, so that nothing counts as due that nobody may take.
    due = Q(busy_item=None, next_due__lte=now)
    return Channels(
        **Channel.objects.aggregate(
            due=Count("pk", filter=due),
            busy=Count("pk", filter=Q(busy_item__isnull=False)),
            reconnect=Count("pk", filter=Q(health=Health.RECONNECT)),
            oldest_turn=Min("next_due", filter=due),
        )
    )


def _items(now: datetime) -> Items:
    rows = list(
        ScheduledItem.objects.filter(state__in=OPEN_STATES).values("state", "hold_reason").annotate(
            number=Count("pk"), restored=Count("pk", filter=Q(is_restored=True)),
            oldest=Min("due_at", filter=Q(state=State.SCHEDULED, due_at__lte=now)),
            over=Count("pk", filter=Q(state=State.PUBLISHING, lease_until__lt=now - timedelta(seconds=60))),
        )
    )  # fmt: skip
    by_state = {state: sum(row["number"] for row in rows if row["state"] == state) for state in OPEN_STATES}
    held = {HoldReason(row["hold_reason"]): row["number"] for row in rows if row["state"] == State.HELD}
    return Items(
        by_state,
        held,
        restored=sum(row["restored"] for row in rows),
        lease_over=sum(row["over"] for row in rows),
        oldest_due=min((row["oldest"] for row in rows if row["oldest"]), default=None),
        published_in_a_day=ScheduledItem.objects.filter(state=State.PUBLISHED, due_at__gt=now - DAY).count(),
    )


def disk() -> Disk:
    """The room on the data folder's disk, and how many outcomes wait there for the database."""
    place = next(path for path in (Path(settings.DATA_DIR), *Path(settings.DATA_DIR).parents) if path.exists())
    usage = shutil.disk_usage(place)
    return Disk(usage.free, usage.total, len(list(Path(settings.SPOOL_DIR).glob("*.json"))))


def is_deaf(seen: Signs) -> bool:
    """Whether a channel has waited for longer than settings.DEAF_AFTER while the hands that publish gave no sign of
    life for as long."""
    beat = seen.beats["publish"].at
    silent = beat is None or seen.age(beat) > settings.DEAF_AFTER
    return silent and seen.age(seen.channels.oldest_turn) > settings.DEAF_AFTER


def ages(seen: Signs) -> dict[str, int | None]:
    """Seconds since each kind of hand answered (None: never), and since the first free channel waits for one."""
    since = {name: round(seen.age(beat.at)) if beat.at else None for name, beat in seen.beats.items()}
    return {**since, "oldest_turn": round(seen.age(seen.channels.oldest_turn))}
