"""What becomes of an item after a try: the outcome is written on its attempt in every case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.actors import CHORUS
from campaign import statements
from campaign.services.render import Rendering
from campaign.statements import Changed, changed
from networks.content import Published
from networks.errors import DuplicateError, LaterError, NetworkError, ReconnectError, RefusedError, UnclearError
from scheduler import clock
from scheduler.models import Health, PublishAttempt, ScheduledItem, Segment
from scheduler.services import transition
from scheduler.services.change import end, has_open_attempt
from scheduler.services.claim import Claim
from scheduler.services.gate_facts import Closed
from scheduler.services.schedule import hold
from scheduler.services.segments import segments_of
from scheduler.states import HoldReason, Outcome, State

FIRST_LOOK = timedelta(seconds=30)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True)
class NotSent:
    """The worker itself knows that nothing left it."""

    message: str


Result = Published | NetworkError | NotSent
OUTCOMES: dict[type, Outcome] = {
    RefusedError: Outcome.REFUSED, LaterError: Outcome.LATER, ReconnectError: Outcome.RECONNECT,
    DuplicateError: Outcome.DUPLICATE, UnclearError: Outcome.UNCLEAR, NotSent: Outcome.NOT_SENT,
    Published: Outcome.PUBLISHED,
}  # fmt: skip


def record(begun: PublishAttempt, result: Result, fence: int) -> bool:
    """Writes the outcome of a try, and moves the item if it is still this claim's. True if the next segment may be
    sent at once by the same worker."""
    with transition.locked(begun.segment.item_id) as item:
        completed = _completed(begun, result)
        ours = item.fence == fence and item.state in {State.PUBLISHING, State.UNCERTAIN}
        if isinstance(result, Published):
            return _accepted(item, segments_of(item, completed), begun.segment_id, result, ours)
        statements.update(completed)
        if ours:
            _HANDLERS[type(result)](item, begun, result)
        return False


def _completed(attempt: PublishAttempt, result: Result) -> Changed:
    now = clock.now()
    attempt.outcome = OUTCOMES[type(result)]
    attempt.code = getattr(result, "code", "")[:80]
    attempt.remote_id = getattr(result, "remote_id", "")
    attempt.finished_at = attempt.sender_done_at = now
    return changed(attempt, "outcome", "code", "remote_id", "finished_at", "sender_done_at")


def _accepted(item: ScheduledItem, segments: list[Segment], segment_id: int, published: Published, ours: bool) -> bool:
    segment = next(segment for segment in segments if segment.pk == segment_id)
    if segment.is_out and segment.remote_id != published.remote_id:
        facts = {"position": segment.position, "known": segment.remote_id, "also": published.remote_id}
        transition.note(item, "segment:alert", facts=facts, body={"url": published.url})
        return False
    marked = [] if segment.is_out else [_marked_out(item, segment, published)]
    if ours:
        return go_on(item, segments, along=marked)
    statements.update(*marked)
    if item.state == State.UNRESOLVED:
        after_found(item)
    else:
        transition.keep(item)
    return False


def mark_out(item: ScheduledItem, segment: Segment, published: Published) -> None:
    """Writes that a segment of a locked item is there, with what was sent and the network's word. A move or
    `transition.keep` must follow."""
    statements.update(_marked_out(item, segment, published))


def _marked_out(item: ScheduledItem, segment: Segment, published: Published) -> Changed:
    """Marks the segment and says so in the log, in memory; returns what is to be written of the segment."""
    segment.remote_id, segment.url = published.remote_id, published.url
    segment.ref, segment.published_at = dict(published.ref), clock.now()
    facts = {
        "position": segment.position,
        "url": published.url,
        "remote_id": published.remote_id,
        "digest": segment.digest,
    }
    transition.say(item, "segment:published", facts=facts, body=_said(segment))
    return changed(segment, "remote_id", "url", "ref", "published_at")


def _said(segment: Segment) -> dict[str, Any]:
    """What was sent, for the part of the log that can be erased."""
    body = {"text": segment.text, "pictures": segment.pictures}
    return body | {"warning": segment.warning} if segment.warning else body


def go_on(item: ScheduledItem, segments: list[Segment], along: Sequence[Changed] = ()) -> bool:
    """After a segment came out: the item is published, or its next segment is this worker's to send (True), or, if
    nobody holds it any more, it waits for its turn. Writes what was changed `along` with it."""
    if all(segment.is_out for segment in segments):
        transition.move(
            item, State.PUBLISHED, "item:published", facts={"url": segments[0].url}, along=along, last_error=""
        )
        return False
    if item.state == State.PUBLISHING:
        item.sending_at = None
        transition.keep(item, "sending_at", along=along)
        return True
    transition.move(item, State.SCHEDULED, "item:retry", facts={"rest": True}, along=along, next_try_at=clock.now())
    return False


def finish(claim: Claim) -> None:
    """Ends a claim under which nothing was left to send: a late answer to an earlier try had come in between."""
    with transition.locked(claim.item_id) as item:
        if item.fence == claim.fence and item.state == State.PUBLISHING:
            go_on(item, segments_of(item))


def after_found(item: ScheduledItem) -> None:
    """After a late acceptance of something unresolved: out, or partly out and a person decides."""
    if item.segments.filter(published_at=None).exists():
        transition.move(item, State.PARTIAL, "item:partial")
    else:
        transition.move(item, State.PUBLISHED, "item:published", facts={"url": first_url(item)})


def first_url(item: ScheduledItem) -> str:
    """The public address of the post, or of a thread's first part."""
    return item.segments.order_by("position").values_list("url", flat=True).first() or ""


def _say(error: Any) -> dict[str, Any]:  # noqa: ANN401 - any result that carries a message
    return {"facts": {"code": getattr(error, "code", "")}, "body": {"message": error.message}}


def _refused(item: ScheduledItem, attempt: PublishAttempt, error: Any) -> None:  # noqa: ANN401 - see _HANDLERS
    if has_open_attempt(item):
        _uncertain(item, attempt, error)
    elif item.segments.filter(published_at__isnull=False).exists():
        transition.move(item, State.PARTIAL, "item:partial", **_say(error), last_error=error.message)
    else:
        transition.move(item, State.FAILED, "item:failed", **_say(error), last_error=error.message)


def _later(item: ScheduledItem, attempt: PublishAttempt | None, error: Any) -> None:  # noqa: ANN401 - see _HANDLERS
    now = clock.now()
    wait = timedelta(seconds=error.wait) if getattr(error, "wait", None) is not None else back_off(item.tries)
    if getattr(error, "of", "item") == "channel":
        item.channel.not_before = now + wait
    said = _say(error)
    said["facts"]["wait"] = wait.total_seconds()
    transition.move(
        item,
        State.SCHEDULED,
        "item:retry",
        **said,
        next_try_at=now + wait,
        tries=item.tries + 1,
        last_error=error.message,
    )


def back_off(tries: int) -> timedelta:
    """30 s, doubling to 15 min."""
    wait: timedelta = FIRST_WAIT * 2 ** min(tries, 10)
    return min(wait, LONGEST_WAIT)


def _reconnect(item: ScheduledItem, attempt: PublishAttempt | None, error: Any) -> None:  # noqa: ANN401 - see _HANDLERS
    item.channel.health, item.channel.health_note = Health.RECONNECT, error.message
    transition.move(
        item, State.HELD, "item:held", facts={"reason": HoldReason.RECONNECT, "code": error.code},
        body={"sentence": error.message}, hold_reason=HoldReason.RECONNECT,
        hold_detail="The channel must be connected again before anything goes out on it.",
    )  # fmt: skip


def _duplicate(item: ScheduledItem, attempt: PublishAttempt, error: Any) -> None:  # noqa: ANN401 - see _HANDLERS
    """Ours if an earlier try may be out and the network names the post; else a person looks."""
    earlier = attempt.segment.open_attempts().exclude(pk=attempt.pk).exists()
    if earlier and error.remote_id:
        mark_out(item, attempt.segment, Published(error.remote_id, error.url))
        go_on(item, segments_of(item))
    else:
        _refused(item, attempt, error)


def _uncertain(item: ScheduledItem, attempt: PublishAttempt, error: Any) -> None:  # noqa: ANN401 - see _HANDLERS
    if item.state != State.UNCERTAIN:
        became_uncertain(item, error.message, getattr(error, "code", ""))


def became_uncertain(item: ScheduledItem, message: str, code: str) -> None:
    """Moves a locked item to «needs a look», to be read back from the network by itself first."""
    transition.move(
        item, State.UNCERTAIN, "item:uncertain", facts={"code": code}, body={"message": message}, looks=0,
        next_look_at=clock.now() + FIRST_LOOK, last_error=message,
    )  # fmt: skip


def _not_sent(item: ScheduledItem, attempt: PublishAttempt, error: Any) -> None:  # noqa: ANN401 - see _HANDLERS
    if has_open_attempt(item):
        _uncertain(item, attempt, error)
    else:
        _later(item, attempt, error)


_HANDLERS: dict[type, Callable[[ScheduledItem, PublishAttempt, Any], None]] = {
    RefusedError: _refused, LaterError: _not_sent, ReconnectError: _reconnect, DuplicateError: _duplicate,
    UnclearError: _uncertain, NotSent: _not_sent,
}  # fmt: skip


def not_prepared(claim: Claim, error: NetworkError) -> None:
    """Preparing failed: nothing was sent. With an earlier try open it stays a matter of looking, never «failed»."""
    with transition.locked(claim.item_id) as item:
        if item.fence != claim.fence or item.state != State.PUBLISHING:
            return
        if isinstance(error, ReconnectError):
            _reconnect(item, None, error)
        elif isinstance(error, LaterError):
            _later(item, None, error)
        elif has_open_attempt(item):
            became_uncertain(item, error.message, error.code)
        elif item.segments.filter(published_at__isnull=False).exists():
            transition.move(item, State.PARTIAL, "item:partial", **_say(error), last_error=error.message)
        else:
            transition.move(item, State.FAILED, "item:failed", **_say(error), last_error=error.message)


def gate_closed(claim: Claim, closed: Closed) -> None:
    """A gate closed after the claim: held, nothing was sent by this claim."""
    with transition.locked(claim.item_id) as item:
        if item.fence == claim.fence and item.state == State.PUBLISHING:
            hold(item, closed)


def does_not_fit(claim: Claim, rendering: Rendering) -> None:
    """What would go out no longer passes the network's rules: held until somebody edits."""
    gate_closed(claim, Closed(HoldReason.CHECKS, " ".join(finding.message for finding in rendering.errors)))


def link_closed(claim: Claim) -> None:
    """A link was closed again between the claim and the freezing."""
    gate_closed(claim, Closed(HoldReason.LINK_EMPTY, "A link of this post is not out yet. It goes on when it is."))


def still_open(claim: Claim) -> None:
    """An earlier try may be out and a repeat would not be harmless: back to looking."""
    with transition.locked(claim.item_id) as item:
        if item.fence == claim.fence and item.state == State.PUBLISHING:
            became_uncertain(item, "An earlier try may be out; sending again now could post it twice.", "open-attempt")


def reap_one(item: ScheduledItem) -> None:
    """A locked item whose lease is over: its worker is gone or asleep."""
    if item.sending_at is not None:
        became_uncertain(item, "The worker stopped between sending and the answer.", "lost-worker")
        return
    lost = item.lost_claims + 1
    if lost >= MOST_LOST_CLAIMS:
        end(item, State.FAILED, "item:failed", actor=CHORUS, facts={"lost_claims": lost})
        return
    transition.move(
        item, State.SCHEDULED, "item:reaped", facts={"lost_claims": lost}, fence=item.fence + 1, lost_claims=lost,
        next_try_at=clock.now(),
    )  # fmt: skip


MOST_LOST_CLAIMS = 5
