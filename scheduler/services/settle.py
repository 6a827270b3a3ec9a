"""A person's word on what Chorus cannot know, or has handed over."""

from django.utils.translation import gettext as _

from accounts.actors import Actor
from networks.content import Published
from scheduler import clock
from scheduler.models import ScheduledItem, Segment
from scheduler.services import look, outcome, reap, transition
from scheduler.services.change import as_seen
from scheduler.services.errors import ConflictError, ScheduleError
from scheduler.services.segments import segments_of
from scheduler.states import State


def it_is_there(item_id: int, url: str, version: int, actor: Actor) -> ScheduledItem:
    """«It is there»: the unclear segment is out at `url`; a thread's rest goes on by itself."""
    with as_seen(item_id, version, frozenset({State.UNCERTAIN, State.UNRESOLVED})) as item:
        segment = _first_missing(item)
        transition.note(item, "item:settled_there", actor=actor, facts={"url": _address(url)})
        outcome.mark_out(item, segment, Published(remote_id="", url=_address(url)))
        if item.state == State.UNRESOLVED:
            outcome.after_found(item)
        else:
            outcome.go_on(item, segments_of(item))
    return item


def send_again(item_id: int, version: int, actor: Actor) -> ScheduledItem:
    """«It is not there, send again»: only when the sender is known to be done; it is looked for once more first."""
    reap.note_gone_senders()
    with as_seen(item_id, version, frozenset({State.UNCERTAIN})) as item:
        if not look.sender_is_done(item):
            raise ConflictError(
                _(
                    "The worker that sent this is not known to have stopped, so it may still arrive. Try again in a "
                    "few minutes, or look at the page once more."
                )
            )
        transition.move(
            item, State.UNCERTAIN, "item:settled_again", actor=actor, send_again=True, next_look_at=clock.now()
        )
    return item


def leave_it(item_id: int, reason: str, version: int, actor: Actor) -> ScheduledItem:
    """«Leave it»: nothing is sent again; Chorus goes on looking for a day."""
    if not reason.strip():
        raise ScheduleError(_("Say in a few words why, so that others understand it later."), "reason")
    with as_seen(item_id, version, frozenset({State.UNCERTAIN, State.UNRESOLVED})) as item:
        if item.state == State.UNRESOLVED:
            item.confirmed = True
            item.save(update_fields=["confirmed"])
            transition.note(item, "item:settled_leave", actor=actor, body={"reason": reason})
        else:
            transition.move(
                item, State.UNRESOLVED, "item:settled_leave", actor=actor, body={"reason": reason}, confirmed=True,
                next_look_at=clock.now(), send_again=False,
            )  # fmt: skip
    return item


def stop_here(item_id: int, version: int, actor: Actor) -> ScheduledItem:
    """«Stop here»: the parts that are out are the post."""
    with as_seen(item_id, version, frozenset({State.PARTIAL})) as item:
        facts = {"url": outcome.first_url(item)}
        transition.move(item, State.PUBLISHED, "item:stopped_here", actor=actor, facts=facts)
    return item


def posted_by_hand(item_id: int, url: str, version: int, actor: Actor) -> ScheduledItem:
    """«I posted it», with the address where the person gives it."""
    with as_seen(item_id, version, frozenset({State.WAITING})) as item:
        address = _address(url) if url else ""
        for segment in item.segments.filter(published_at=None):
            outcome.mark_out(item, segment, Published(remote_id="", url=address))
        transition.move(item, State.PUBLISHED, "item:published", actor=actor, facts={"url": address, "by_hand": True})
    return item


def _first_missing(item: ScheduledItem) -> Segment:
    missing: Segment | None = item.segments.filter(published_at=None, first_sent_at__isnull=False).first()
    if missing is None:
        raise ConflictError(_("Nothing of this is unclear any more."))
    return missing


def _address(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ScheduleError(_("Give the whole address of the post, beginning with https://."), "url")
    return url
