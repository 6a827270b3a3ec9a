"""The publish log as a file: CSV for a spreadsheet, JSON for a program, one line at a time."""

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db.models import OuterRef, Subquery

from accounts.models import Organisation
from scheduler.models import PublishLogEntry, SegmentNumbers
from scheduler.models.log import PublishLogEntryQuerySet
from scheduler.services.story import sentence

BATCH = 500
"""Rows read from the database at a time."""

Cell = str | int

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Characters with which a spreadsheet takes a cell for a formula."""

COLUMNS = (
    "at", "organisation", "network", "channel", "post", "language", "verb", "what_happened", "state_from", "state",
    "actor", "actor_role", "actor_organisation", "code", "url", "item", "number", "payload_digest", "previous_hash",
    "hash", "likes", "shares", "replies", "views", "numbers_read_at",
)  # fmt: skip

NOT_READ: dict[str, Cell] = {"likes": "", "shares": "", "replies": "", "views": "", "numbers_read_at": ""}
OUT = "segment:published"
"""The verb of the line that carries its part's numbers."""


class _Echo:
    """A file that hands back what is written to it, so that the csv module can feed a stream."""

    def write(self, text: str) -> str:
        return text


def guarded(cell: Cell) -> Cell:
    """The cell as a spreadsheet may read it: what would be a formula gets a leading apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def row(entry: PublishLogEntry, numbers: SegmentNumbers | None = None) -> dict[str, Cell]:
    """One entry under the names of COLUMNS; `at` is UTC in ISO 8601, `actor` an opaque id, never a name. `numbers` are
    those of the part that the entry says is out."""
    return {
        "at": entry.at.isoformat(),
        "organisation": entry.organisation.name,
        "network": entry.network,
        "channel": entry.channel.name,
        "post": entry.post.number,
        "language": entry.language,
        "verb": entry.verb,
        "what_happened": sentence(entry),
        "state_from": entry.state_from,
        "state": entry.state_to,
        "actor": str(entry.actor_id or ""),
        "actor_role": entry.actor_role,
        "actor_organisation": getattr(entry, "actor_organisation", None) or "",
        "code": str(entry.facts.get("code") or ""),
        "url": str(entry.facts.get("url") or ""),
        "item": entry.item_id,
        "number": entry.number,
        "payload_digest": entry.payload_digest,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
        **(_counted(numbers) if numbers else NOT_READ),
    }


def _counted(numbers: SegmentNumbers) -> dict[str, Cell]:
    """What the network counted last, and when it was read; empty where it does not tell."""
    told = {name: getattr(numbers, name) for name in ("likes", "shares", "replies", "views")}
    read = numbers.read_at.isoformat() if numbers.read_at else ""
    return {name: "" if number is None else number for name, number in told.items()} | {"numbers_read_at": read}


def csv_lines(entries: PublishLogEntryQuerySet) -> Iterator[str]:
    """The lines of the CSV file, its header first."""
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for cells in rows(entries):
        yield writer.writerow([guarded(cell) for cell in cells.values()])


def json_lines(entries: PublishLogEntryQuerySet) -> Iterator[str]:
    """A JSON list, one entry a line."""
    before = "["
    for cells in rows(entries):
        yield f"{before}\n{json.dumps(cells, ensure_ascii=False)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def rows(entries: PublishLogEntryQuerySet) -> Iterator[dict[str, Cell]]:
    """Each entry's row, read in batches: the number of queries does not grow with the names in it."""
    acting = Organisation.objects.filter(pk=OuterRef("actor_organisation_id")).values("name")[:1]
    named = entries.select_related("organisation", "channel", "post").annotate(actor_organisation=Subquery(acting))
    lines = named.iterator(chunk_size=BATCH)
    while batch := list(islice(lines, BATCH)):
        numbers = _numbers_of(batch)
        yield from (row(entry, numbers.get(_part_of(entry))) for entry in batch)


def _numbers_of(batch: Sequence[PublishLogEntry]) -> dict[tuple[int, int], SegmentNumbers]:
    """Item and position → the numbers of that part, for the parts that these lines say are out."""
    out = {entry.item_id for entry in batch if entry.verb == OUT}
    if not out:
        return {}
    read = SegmentNumbers.objects.filter(segment__item__in=out, read_at__isnull=False)
    columns = ("likes", "shares", "replies", "views", "read_at", "segment__item_id", "segment__position")
    placed = read.select_related("segment").only(*columns)
    return {(one.segment.item_id, one.segment.position): one for one in placed}


def _part_of(entry: PublishLogEntry) -> tuple[int, int]:
    """Item and position of the part that a line says is out; no part's for every other line."""
    position = entry.facts.get("position") if entry.verb == OUT else None
    return entry.item_id, position if isinstance(position, int) else -1
