"""The one writer of the publish log, and the proof that nothing was changed in it."""

import hashlib
import json
import logging
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from campaign import statements
from campaign.statements import Changed
from scheduler import clock, trace
from scheduler.models import LogPayload, PublishLogEntry, ScheduledItem

told = logging.getLogger("chorus.item")


@dataclass(frozen=True)
class Line:
    """What to write. `facts` are short and free of names; `body` is what may have to be forgotten one day."""

    verb: str
    actor: Actor
    facts: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


def append(item: ScheduledItem, line: Line, *, state_from: str = "") -> PublishLogEntry:
    """Adds a line to the chain of a locked item, in memory: `store` writes it, with those before it that wait. Sets
    `log_head` and `log_count` on the object, and the caller saves them with the rest. A line that a request caused
    keeps its id."""
    channel = item.channel
    salt = secrets.token_hex(16) if line.body else ""
    entry = PublishLogEntry(
        item_id=item.pk,  # a foreign key given as an object costs a third of making the line
        number=item.log_count + 1,
        at=clock.now(),
        verb=line.verb,
        state_from=state_from,
        state_to=item.state,
        actor_id=line.actor.id,
        actor_role=line.actor.role,
        actor_organisation_id=line.actor.organisation_id,
        organisation_id=channel.organisation_id,
        campaign_id=item.campaign_id,
        channel_id=channel.pk,
        post_id=item.post_id,
        network=channel.network,
        language=item.language,
        facts={**line.facts, **trace.click()},
        payload_digest=_payload_digest(salt, line.body) if line.body else "",
        previous_hash=item.log_head,
    )
    entry.hash = hash_of(entry)
    item.new_lines.append((entry, LogPayload(salt=salt, body=dict(line.body)) if line.body else None))
    item.log_head, item.log_count = entry.hash, entry.number
    return entry


def store(item: ScheduledItem, *along: Changed) -> None:
    """Writes the lines that were appended, in their order, and what was changed along with them."""
    lines, item.new_lines = item.new_lines, []
    payloads = [payload for _, payload in lines if payload]
    if not lines:
        statements.update(*along)
        return
    entries = [entry for entry, _ in lines]
    statements.insert(*entries, along=() if payloads else along)
    for entry, payload in lines:
        if payload:
            payload.entry = entry
    if payloads:
        statements.insert(*payloads, along=along)
    transaction.on_commit(partial(_tell, entries, item.fence), robust=True)


def _tell(entries: list[PublishLogEntry], fence: int) -> None:
    """The same lines for whoever follows the server's logs: only what was committed, without texts and names."""
    for entry in entries:
        about = {"item": entry.item_id, "fence": fence, "channel": entry.channel_id, "network": entry.network}
        said = {"state": entry.state_to, "line": entry.number, "facts": entry.facts}
        told.info("%s", entry.verb, extra=about | said)


def hash_of(entry: PublishLogEntry) -> str:
    """The SHA-256 in hex over everything the line says and the hash of the line before."""
    said = [
        entry.previous_hash, entry.item_id, entry.number, entry.at.isoformat(timespec="microseconds"), entry.verb,
        entry.state_from, entry.state_to, str(entry.actor_id or ""), entry.actor_role, entry.actor_organisation_id,
        entry.organisation_id, entry.campaign_id, entry.channel_id, entry.post_id, entry.network, entry.language,
        entry.facts, entry.payload_digest,
    ]  # fmt: skip
    return hashlib.sha256(_canonical(said)).hexdigest()


def _payload_digest(salt: str, body: Mapping[str, Any]) -> str:
    return hashlib.sha256(salt.encode() + _canonical(body)).hexdigest()


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _canonical(value: object) -> bytes:
    return _CANONICAL.encode(value).encode()


def verify() -> list[str]:
    """One sentence for each item whose chain is broken; empty when the whole log is as it was written."""
    items = ScheduledItem.objects.order_by("pk").select_related("post", "channel")
    return [f"Item {item.pk} ({item}): {fault}." for item in items.iterator() if (fault := next(_faults(item), ""))]


def _faults(item: ScheduledItem) -> Iterator[str]:
    previous, count = "", 0
    for entry in item.log.order_by("number").select_related("payload"):
        count += 1
        if entry.number != count:
            yield f"line {count} is missing"
        if entry.previous_hash != previous or entry.hash != hash_of(entry):
            yield f"line {entry.number} is not what was written"
        yield from _payload_faults(entry)
        previous = entry.hash
    if count != item.log_count or previous != item.log_head:
        yield f"the newest lines are missing ({count} of {item.log_count} are there)"


def _payload_faults(entry: PublishLogEntry) -> Iterator[str]:
    payload: LogPayload | None = getattr(entry, "payload", None)
    if not entry.payload_digest or (payload is not None and payload.erased_at):
        return
    if payload is None or _payload_digest(payload.salt, payload.body) != entry.payload_digest:
        yield f"what was sent with line {entry.number} is not what was written"
