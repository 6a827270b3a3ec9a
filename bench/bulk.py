"""Rows by the hundred thousand: one statement copies a pattern, the same on PostgreSQL and SQLite."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Model

from accounts.models import Organisation
from campaign.models import Campaign
from scheduler import clock
from scheduler.models import PublishLogEntry, ScheduledItem, Segment
from scheduler.states import State

BETWEEN = 30
"""Seconds between two items' moments."""
TEXT = "116 006 answers in 13 countries, at no cost. https://victim-support.eu/help " * 6
NUMBERS = "(WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < {count}) SELECT n FROM n) n"
PLACES = "(SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM scheduler_channel) c"
TEXTS = (
    "(SELECT p.id, r.id AS revision, row_number() OVER (ORDER BY p.number) - 1 AS place FROM campaign_post p"
    " JOIN campaign_translation t ON t.post_id = p.id JOIN campaign_translationrevision r ON r.id = t.current_id"
    " WHERE p.campaign_id = {campaign} AND t.is_source) p"
)
SHARES = "CASE {cases} ELSE 'published' END"
STATES = {
    State.UNCERTAIN: 5, State.WAITING: 10, State.HELD: 20, State.FAILED: 25, State.MISSED: 30, State.CANCELLED: 40,
    State.SCHEDULED: 440,
}  # fmt: skip
"""Up to which of a thousand places of a channel an item stands in this state; above them it is published."""


def future(campaign: Campaign, count: int, first: datetime | None = None) -> None:
    """So many scheduled items over all channels, the first one due at `first` (else in a day), and the channels'
    turns as the code would leave them."""
    begin = first or clock.now() + timedelta(days=1)
    _items(campaign, count, begin, f"'{State.SCHEDULED}'")
    set_turns()


def mixed(campaign: Campaign, count: int) -> None:
    """So many items in every state, about half of them in the past, each with a segment and three lines of the log."""
    cases = " ".join(f"WHEN (n.n * 7919) %% 1000 < {below} THEN '{state}'" for state, below in STATES.items())
    begin = clock.now() - timedelta(seconds=BETWEEN * count // 2)
    _items(campaign, count, begin, SHARES.format(cases=cases))
    _segments()
    _lines()
    set_turns()


def one_to_look_at() -> None:
    """Each organisation has an unclear item, as each has among a hundred thousand: its home page then says the same
    next step at every size, and asks the same questions."""
    for organisation in Organisation.objects.all():
        own = ScheduledItem.objects.filter(channel__organisation=organisation).order_by("pk")
        ScheduledItem.objects.filter(pk__in=own.values("pk")[:1]).update(state=State.UNCERTAIN)


def analyse() -> None:
    """What autovacuum does for PostgreSQL a minute after such a load. On SQLite nobody does it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def set_turns() -> None:
    """Each channel's `next_due`: the earliest of what is scheduled there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scheduler_channel SET next_due = (SELECT min(next_try_at) FROM scheduler_scheduleditem i"
            " WHERE i.channel_id = scheduler_channel.id AND i.state = 'scheduled')"
        )


def insert(pattern: Model, source: str, given: Mapping[str, str]) -> None:
    """A copy of the unsaved `pattern` for each row of `source` (what stands behind FROM). `given`: column → the SQL
    that stands for the pattern's value. Foreign keys are not looked up again for each of a million rows."""
    words, values = [], []
    fields = [field for field in pattern._meta.concrete_fields if not field.primary_key]
    for field in fields:
        if field.column not in given:
            values.append(field.get_db_prep_save(field.pre_save(pattern, True), connection))
        words.append(given.get(str(field.column)) or _value(str(field.cast_db_type(connection))))
    names = ", ".join(f'"{field.column}"' for field in fields)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO {pattern._meta.db_table} ({names}) SELECT {', '.join(words)} FROM {source}",  # noqa: S608 - ours
            values,
        )
        if connection.vendor == "postgresql":  # the block may stand within a test's own transaction
            cursor.execute("SET LOCAL session_replication_role = origin")


def _value(kind: str) -> str:
    return f"CAST(%s AS {kind})" if connection.vendor == "postgresql" else "%s"


def _after(begin: datetime, seconds: str) -> str:
    if connection.vendor == "postgresql":
        return f"timestamptz '{begin:%Y-%m-%d %H:%M:%S}+00' + ({seconds}) * interval '1 second'"
    return f"datetime('{begin:%Y-%m-%d %H:%M:%S}', ({seconds}) || ' seconds')"


def _items(campaign: Campaign, count: int, begin: datetime, state: str) -> None:
    """Turn by turn over the channels; a channel's items are the posts one after the other, then a further run."""
    post = campaign.posts.order_by("number")[0]
    before = campaign.items.order_by("-occurrence").values_list("occurrence", flat=True).first() or 0
    pattern = ScheduledItem(
        campaign=campaign, post=post, language="en", revision=post.translations.get(is_source=True).words,
        due_zone="UTC", log_count=3, channel_id=0, created_at=clock.now(),
    )  # fmt: skip
    channels, posts = _count("scheduler_channel"), campaign.posts.count()
    moment, turn = _after(begin, f"n.n * {BETWEEN}"), f"(n.n / {channels})"
    source = (
        f"{NUMBERS.format(count=count)} JOIN {PLACES} ON c.place = n.n %% {channels}"
        f" JOIN {TEXTS.format(campaign=campaign.pk)} ON p.place = {turn} %% {posts}"
    )
    insert(
        pattern,
        source,
        {
            "channel_id": "c.id",
            "post_id": "p.id",
            "revision_id": "p.revision",
            "occurrence": f"{before + 1} + {turn} / {posts}",
            "state": state,
            "hold_reason": f"CASE WHEN ({state}) = 'held' THEN 'new_revision' ELSE '' END",
            "due_at": moment,
            "due_wall": moment,
            "next_try_at": moment,
            "expires_at": _after(begin, f"n.n * {BETWEEN} + 21600"),
            "due_local_date": f"date({moment})",
        },
    )


def _segments() -> None:
    """Half of a thousand characters for each item."""
    now = clock.now()
    insert(Segment(position=0, text=TEXT, digest="0" * 64, frozen_at=now), _ITEMS, {"item_id": "i.id"})


_ITEMS = "scheduler_scheduleditem i WHERE NOT EXISTS (SELECT 1 FROM scheduler_segment s WHERE s.item_id = i.id)"
_LINES = (
    "scheduler_scheduleditem i JOIN scheduler_channel c ON c.id = i.channel_id JOIN (SELECT 1 AS number, 'item:scheduled'"
    " AS verb UNION ALL SELECT 2, 'item:claimed' UNION ALL SELECT 3, 'item:published') v ON true WHERE NOT EXISTS"
    " (SELECT 1 FROM scheduler_publishlogentry l WHERE l.item_id = i.id) ORDER BY v.number, i.due_at"
)


def _lines() -> None:
    insert(
        PublishLogEntry(hash="0" * 64, facts={}, at=clock.now(), actor_role=""),
        _LINES,
        {
            "item_id": "i.id",
            "number": "v.number",
            "at": "i.due_at",
            "verb": "v.verb",
            "state_to": "i.state",
            "organisation_id": "c.organisation_id",
            "campaign_id": "i.campaign_id",
            "channel_id": "i.channel_id",
            "post_id": "i.post_id",
            "network": "c.network",
            "language": "i.language",
        },
    )


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - ours
        return int(cursor.fetchone()[0])
