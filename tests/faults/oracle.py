"""The oracle: compares what the network has with what Chorus says. Plain data in, a verdict out; it asks nobody."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from scheduler.states import EDGES, ENDED, NEEDS_A_PERSON, HoldReason, Outcome, State

PAUSES = frozenset({HoldReason.CAMPAIGN_PAUSED, HoldReason.ORGANISATION_PAUSED, HoldReason.NETWORK_PAUSED})
"""When nothing is paused any more, nothing may be held because of one."""
DENIALS = frozenset({State.FAILED, State.MISSED, State.CANCELLED, State.DRAFT, State.SCHEDULED, State.HELD})
"""States that tell a person «this part is not out»."""


@dataclass(frozen=True)
class Post:
    """One acceptance, from the network's own store. `mark` says which part of which post it is."""

    id: str
    account: str
    mark: str


@dataclass(frozen=True)
class Try:
    """One attempt at a part."""

    fence: int
    sent: bool
    outcome: str
    remote_id: str = ""


@dataclass(frozen=True)
class Part:
    """One segment."""

    mark: str
    position: int = 0
    is_out: bool = False
    remote_id: str = ""
    tries: tuple[Try, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of the publish log."""

    verb: str
    state_from: str
    state_to: str
    position: int | None = None
    found: bool = False


@dataclass(frozen=True)
class Item:
    """One scheduled item with all that belongs to it, as it stands when everything is quiet."""

    id: int
    account: str
    state: str
    parts: tuple[Part, ...] = ()
    log: tuple[Line, ...] = ()
    fence: int = 0
    log_count: int = 0
    hold_reason: str = ""
    reads_back: bool = True
    looks_left: bool = False
    is_due: bool = True

    def went_through(self, verb: str) -> bool:
        """Whether the log has such a line."""
        return any(line.verb == verb for line in self.log)


@dataclass(frozen=True)
class Evidence:
    """Everything there is to compare. `chain_faults` is what the log's own proof says, `stuck` the items that were
    still publishing when they had to be free."""

    posts: tuple[Post, ...]
    items: tuple[Item, ...]
    chain_faults: tuple[str, ...] = ()
    stuck: tuple[int, ...] = ()


@dataclass
class Verdict:
    """What was found: sentences by what must not be, and counts of what is only told."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether nothing was found that must not be."""
        return not any(self.faults.values())

    def numbers(self) -> dict[str, int]:
        """For the JSON."""
        return {name: len(found) for name, found in self.faults.items()} | self.counts


Key = tuple[str, str]
"""Account and mark: which part of which post on which channel."""


def judge(evidence: Evidence) -> Verdict:
    """The verdict over a run."""
    there = Counter((post.account, post.mark) for post in evidence.posts)
    wanted = _by_key(evidence.items)
    return Verdict(
        {
            "accepted_twice": list(_accepted_twice(there, wanted)),
            "lost": list(_lost(evidence.items)),
            "said_published_not_there": list(_not_there(evidence)),
            "said_failed_but_there": list(_there_unsaid(there, wanted)),
            "stuck": [f"Item {pk} was still publishing" for pk in evidence.stuck],
            "unclear_but_there": list(_unclear_but_there(there, wanted)),
            "disagreements": [*evidence.chain_faults, *(said for item in evidence.items for said in _disagreements(item))],
        },
        _counts(evidence.items),
    )  # fmt: skip


def _by_key(items: tuple[Item, ...]) -> Mapping[Key, list[tuple[Item, Part]]]:
    found: dict[Key, list[tuple[Item, Part]]] = defaultdict(list)
    for item in items:
        for part in item.parts:
            found[item.account, part.mark].append((item, part))
    return found


def _accepted_twice(there: Counter[Key], wanted: Mapping[Key, list[tuple[Item, Part]]]) -> Iterator[str]:
    for key, number in there.items():
        sent = sum(any(one.sent for one in part.tries) for _, part in wanted.get(key, []))
        if number > sent:
            yield f"{key[1]} on {key[0]}: accepted {number} times, and {sent} items sent it"
    for pairs in wanted.values():
        for item, part in pairs:
            ids = {one.remote_id for one in part.tries if one.outcome == Outcome.PUBLISHED}
            if len(ids) > 1:
                yield f"Item {item.id}: {part.mark} was accepted as {sorted(ids)}"


def _lost(items: tuple[Item, ...]) -> Iterator[str]:
    """Every item ends or stands before a person; «held» does, unless the gate that holds it is open."""
    for item in items:
        if item.state in ENDED | NEEDS_A_PERSON or item.state == State.DRAFT:
            continue
        if item.state == State.HELD and item.hold_reason not in PAUSES:
            continue
        if item.state == State.SCHEDULED and not item.is_due:
            continue
        yield f"Item {item.id} is {item.state} ({item.hold_reason or 'no reason'}), and nothing moves it"


def _not_there(evidence: Evidence) -> Iterator[str]:
    known = {(post.account, post.mark, post.id) for post in evidence.posts}
    any_of = {(post.account, post.mark) for post in evidence.posts}
    for item in evidence.items:
        for part in item.parts:
            by_a_person = part.is_out and not part.remote_id and (item.account, part.mark) in any_of
            if part.is_out and not by_a_person and (item.account, part.mark, part.remote_id) not in known:
                yield f"Item {item.id}: {part.mark} is said to be out as «{part.remote_id}», which is not there"
        missing = [part.mark for part in item.parts if not part.is_out]
        if item.state == State.PUBLISHED and (missing or not item.parts) and not item.went_through("item:stopped_here"):
            yield f"Item {item.id} is published without {missing or 'any part'}"


def _unsaid(there: Counter[Key], wanted: Mapping[Key, list[tuple[Item, Part]]]) -> Iterator[tuple[Key, list[Item]]]:
    """Acceptances that no part which is out accounts for, with the items that may have made them."""
    for key, number in there.items():
        pairs = wanted.get(key, [])
        if number > sum(part.is_out for _, part in pairs):
            yield key, [item for item, part in pairs if not part.is_out and any(one.sent for one in part.tries)]


def _there_unsaid(there: Counter[Key], wanted: Mapping[Key, list[tuple[Item, Part]]]) -> Iterator[str]:
    honest = {State.UNCERTAIN, State.UNRESOLVED}
    for key, items in _unsaid(there, wanted):
        if not any(item.state in honest for item in items):
            states = [f"item {item.id} is {item.state}" for item in items] or ["no item sent it"]
            yield f"{key[1]} on {key[0]} is there, but {', '.join(states)}"


def _unclear_but_there(there: Counter[Key], wanted: Mapping[Key, list[tuple[Item, Part]]]) -> Iterator[str]:
    """With read-back, what the network accepted is settled by itself."""
    for key, items in _unsaid(there, wanted):
        for item in items:
            if item.reads_back and item.state in {State.UNCERTAIN, State.UNRESOLVED}:
                yield f"Item {item.id} is {item.state}, and {key[1]} is there: the read-back did not settle it"


def _disagreements(item: Item) -> Iterator[str]:
    """Where log, attempts and item do not tell the same story."""
    if item.log_count != len(item.log):
        yield f"Item {item.id}: {len(item.log)} lines of {item.log_count}"
    if item.log and item.log[-1].state_to != item.state:
        yield f"Item {item.id} is {item.state}, its log ends with {item.log[-1].state_to}"
    yield from (f"Item {item.id}: {said}" for said in _broken_path(item.log))
    claims = sum(line.verb in {"item:claimed", "item:reaped"} for line in item.log)
    if claims != item.fence:
        yield f"Item {item.id} has fence {item.fence}, its log {claims} claims and reaps"
    for part in item.parts:
        yield from (f"Item {item.id}, {part.mark}: {said}" for said in _part_disagrees(item, part))


def _broken_path(log: tuple[Line, ...]) -> Iterator[str]:
    for before, after in pairwise(log):
        if after.state_from != before.state_to:
            yield f"{after.verb} came from {after.state_from}, but it was {before.state_to}"
    for line in log:
        stays = line.state_from == line.state_to
        if not stays and line.state_from and State(line.state_to) not in EDGES[State(line.state_from)]:
            yield f"{line.verb} went from {line.state_from} to {line.state_to}"


def _part_disagrees(item: Item, part: Part) -> Iterator[str]:
    said = sum(line.verb == "segment:published" and line.position == part.position for line in item.log)
    if said != int(part.is_out):
        yield f"the log says {said} times that it is out, the row says {part.is_out}"
    if not part.is_out and any(one.outcome == Outcome.PUBLISHED for one in part.tries):
        yield "a try was accepted, and it is not said to be out"
    fences = [one.fence for one in part.tries]
    if len(set(fences)) != len(fences) or any(fence > item.fence for fence in fences):
        yield f"tries {fences} do not fit fence {item.fence}"


def _counts(items: tuple[Item, ...]) -> dict[str, int]:
    by_person = ("item:settled_there", "item:settled_again", "item:settled_leave", "item:stopped_here")
    unclear = {State.UNCERTAIN, State.UNRESOLVED}
    return {
        "items": len(items),
        "uncertain": sum(item.went_through("item:uncertain") for item in items),
        "settled_by_read_back": sum(any(line.found for line in item.log) for item in items),
        "settled_by_people": sum(any(item.went_through(verb) for verb in by_person) for item in items),
        "left_to_people": sum(item.state in NEEDS_A_PERSON for item in items),
        "left_unclear_with_read_back": sum(item.state in unclear and item.reads_back for item in items),
        "left_unclear_without_read_back": sum(item.state in unclear and not item.reads_back for item in items),
    }
