"""Collects what the oracle compares: the network's own file, and the product's rows."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from scheduler import clock
from scheduler.models import Channel, PublishAttempt, PublishLogEntry, ScheduledItem, Segment
from scheduler.services import log
from scheduler.states import State
from tests.faults.adapter import BLIND
from tests.faults.oracle import Evidence, Item, Line, Part, Post, Try
from tests.faults.world import MARK


def accepted(folder: Path) -> list[Post]:
    """What the recording network has, read from its file (it may be running)."""
    with closing(sqlite3.connect(folder / "wall.sqlite3", timeout=20)) as file:
        rows = file.execute("SELECT id, account, text FROM post ORDER BY id").fetchall()
    return [Post(str(number), account, mark_of(text)) for number, account, text in rows]


def mark_of(text: str) -> str:
    """The one mark of a part. Raises ValueError where there is not exactly one: the world is wrong then."""
    (mark,) = MARK.findall(text)
    return str(mark)


def collect(network: Path, stuck: tuple[int, ...]) -> Evidence:
    """The evidence, from everything as it stands now."""
    return beside(tuple(accepted(network)), stuck)


def beside(posts: tuple[Post, ...], stuck: tuple[int, ...] = ()) -> Evidence:
    """The product's rows as they stand now, beside what a network accepted."""
    accounts = dict(Channel.objects.values_list("pk", "remote_id"))
    parts, lines, now = _parts(), _lines(), clock.now()
    items = tuple(
        Item(
            id=row["pk"],
            account=accounts[row["channel_id"]],
            state=row["state"],
            parts=tuple(parts[row["pk"]]),
            log=tuple(lines[row["pk"]]),
            fence=row["fence"],
            log_count=row["log_count"],
            hold_reason=row["hold_reason"],
            reads_back=not accounts[row["channel_id"]].startswith(BLIND),
            looks_left=row["next_look_at"] is not None,
            is_due=row["next_try_at"] <= now,
        )
        for row in _rows()
    )
    return Evidence(posts, items, tuple(log.verify()), stuck)


def _rows() -> Iterator[dict[str, Any]]:
    columns = ("pk", "channel_id", "state", "fence", "log_count", "hold_reason", "next_look_at", "next_try_at")
    return ScheduledItem.objects.order_by("pk").values(*columns).iterator(1000)


def _parts() -> dict[int, list[Part]]:
    tries: dict[int, list[Try]] = defaultdict(list)
    for row in PublishAttempt.objects.order_by("segment_id", "fence").values_list(
        "segment_id", "fence", "sent_at", "outcome", "remote_id"
    ):
        tries[row[0]].append(Try(row[1], row[2] is not None, row[3], row[4]))
    parts: dict[int, list[Part]] = defaultdict(list)
    for segment in Segment.objects.order_by("item_id", "position").iterator(1000):
        mine = tuple(tries[segment.pk])
        mark = mark_of(segment.text)
        parts[segment.item_id].append(Part(mark, segment.position, segment.is_out, segment.remote_id, mine))
    return parts


def _lines() -> dict[int, list[Line]]:
    lines: dict[int, list[Line]] = defaultdict(list)
    entries = PublishLogEntry.objects.order_by("item_id", "number")
    for item, verb, before, after, facts in entries.values_list(
        "item_id", "verb", "state_from", "state_to", "facts"
    ).iterator(2000):
        lines[item].append(Line(verb, before, after, facts.get("position"), bool(facts.get("found"))))
    return lines


def states() -> dict[str, int]:
    """How many items are in each state that a run is read by."""
    told = (State.PUBLISHED, State.HELD, State.MISSED, State.CANCELLED, State.FAILED, State.PARTIAL)
    found = Counter(ScheduledItem.objects.values_list("state", flat=True))
    return {state.value: found[state] for state in told}


def still_moving() -> int:
    """Items that something will still happen to by itself: due and scheduled, publishing, held by a pause that is
    over, or to be looked for."""
    now = clock.now()
    items = ScheduledItem.objects
    return (
        items.filter(state=State.SCHEDULED, next_try_at__lte=now).count()
        + items.filter(state=State.PUBLISHING).count()
        + items.filter(state=State.HELD, hold_reason__endswith="_paused").count()
        + items.filter(state=State.UNCERTAIN, next_look_at__isnull=False).count()
    )
