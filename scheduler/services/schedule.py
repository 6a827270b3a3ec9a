"""A post gets its moment on a channel."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from campaign.models import Post, Translation, TranslationRevision
from campaign.services.render import Rendering, Words, render, values_for
from scheduler import clock
from scheduler.models import Channel, Health, ScheduledItem
from scheduler.services import gates, transition, x_guard
from scheduler.services.errors import AlreadyPlannedError, ScheduleError
from scheduler.services.gate_facts import Closed
from scheduler.services.localtime import resolve
from scheduler.states import State


@dataclass(frozen=True)
class Wish:
    """What somebody wants planned. `wall` is the naive time on the wall of the channel's organisation, `accepted` the
    reason for which warnings are accepted, `occurrence` 2 a deliberate repeat."""

    post: Post
    channel: Channel
    language: str
    wall: datetime
    accepted: str = ""
    occurrence: int = 1


@dataclass(frozen=True)
class Preview:
    """A post as it would go out on a channel, or the `problem` that keeps it from being rendered."""

    rendering: Rendering | None
    revision: TranslationRevision | None
    problem: str = ""


def preview(post: Post, channel: Channel, language: str) -> Preview:
    """How `post` would go out on `channel` in `language` now."""
    revision = _revision(post, channel, language)
    if revision is None:
        return Preview(None, None, _("There is no text in this language yet. Translate it first."))
    now = clock.now()
    words = Words.of(revision)
    values = values_for(words, post, channel.organisation_id, channel.rules, now.date(), now)
    rendering = render(words, post, channel.rules, x_guard.values_on(channel, values))
    rendering = x_guard.with_findings(channel, words, rendering)
    return Preview(x_guard.compared(channel, rendering), revision)


def schedule(wish: Wish, actor: Actor) -> ScheduledItem:
    """Plans it and returns the item: scheduled, or held at once with the reason. Raises ScheduleError with the field
    that is wrong, AlreadyPlannedError where the post stands on that channel already."""
    revision, columns = checked(wish), still_ahead(wish)
    with _once(wish):
        item = _new(wish, revision, actor, columns)
        give_turn(item, actor)
    return item


def keep_draft(wish: Wish, actor: Actor) -> ScheduledItem:
    """Keeps it as a draft: its time is a proposal, which may even be past, and what the checks find is said when it is
    scheduled. Raises ScheduleError where there is no text at all, AlreadyPlannedError as `schedule` does."""
    seen = preview(wish.post, wish.channel, wish.language)
    if seen.revision is None:
        raise ScheduleError(seen.problem, "language")
    with _once(wish):
        item = _new(wish, seen.revision, actor, when(wish.wall, wish.channel))
        transition.move(item, State.DRAFT, "item:drafted", actor=actor, facts=planned_facts(item))
    return item


def still_ahead(wish: Wish) -> dict[str, Any]:
    """The columns that say when. Raises ScheduleError for a time in the past."""
    columns = when(wish.wall, wish.channel)
    if columns["due_at"] < clock.now():
        raise ScheduleError(
            _("This time is in the past. Choose a later one, or plan it and use «publish now»."), "time"
        )
    return columns


def give_turn(item: ScheduledItem, actor: Actor, **columns: Any) -> None:  # noqa: ANN401 - the item's own columns
    """A locked draft, checked, gets its turn: it is scheduled, or held at once behind the gate that is closed.
    `columns` are stored with it."""
    accepted = item.accepted_warnings
    body = {"accepted": accepted} if accepted else {}
    transition.move(
        item, State.SCHEDULED, "item:scheduled", actor=actor, facts=planned_facts(item), body=body,
        expires_at=gates.expires(item), **columns,
    )  # fmt: skip
    x_guard.remember_planned(item)
    closed = gates.first_closed(item.pk)
    if closed:
        hold(item, closed)


def planned_facts(item: ScheduledItem) -> dict[str, Any]:
    """What the log keeps of a plan."""
    return {"due_at": item.due_at.isoformat(), "zone": item.due_zone, "revision": item.revision.number}


@contextmanager
def _once(wish: Wish) -> Iterator[None]:
    """Inside, the item is made. Raises AlreadyPlannedError where the same one stands already."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        taken = _standing(wish)
        if taken is None:
            raise
        raise AlreadyPlannedError(taken) from error


def when(wall: datetime, channel: Channel) -> dict[str, Any]:
    """The item's columns that say when: the moment, and the wall time and zone that were chosen."""
    zone = channel.organisation.time_zone
    resolved = resolve(wall, zone)
    return {
        "due_at": resolved.moment,
        "due_wall": wall.replace(tzinfo=resolved.moment.tzinfo),
        "due_zone": zone,
        "due_local_date": wall.date(),
        "next_try_at": resolved.moment,
    }


def _new(wish: Wish, revision: TranslationRevision, actor: Actor, columns: dict[str, Any]) -> ScheduledItem:
    """The item as a draft, stored; the caller moves it. The channel is locked first, as everywhere, so that its next
    turn is set by one hand at a time."""
    channel = Channel.objects.select_for_update().get(pk=wish.channel.pk)
    item = ScheduledItem(
        campaign=wish.post.campaign, post=wish.post, channel=channel, language=wish.language,
        occurrence=wish.occurrence, revision=revision, expires_at=columns["due_at"], accepted_warnings=wish.accepted[:300],
        scheduled_by=actor.id, **columns,
    )  # fmt: skip
    item.expires_at = gates.expires(item)
    item.save()
    return item


def hold(item: ScheduledItem, closed: Closed) -> None:
    """Holds a locked item behind a closed gate."""
    transition.move(
        item, State.HELD, "item:held", facts={"reason": closed.reason}, body={"sentence": closed.sentence},
        hold_reason=closed.reason, hold_detail=closed.sentence[:300],
    )  # fmt: skip


def checked(wish: Wish) -> TranslationRevision:
    """The revision that would go out. Raises ScheduleError for what blocks it, or for a warning nobody accepted."""
    if wish.channel.health == Health.DISCONNECTED:
        raise ScheduleError(_("This channel is disconnected. Connect it again, or choose another one."), "channel")
    seen = preview(wish.post, wish.channel, wish.language)
    if seen.rendering is None or seen.revision is None:
        raise ScheduleError(seen.problem, "language")
    if seen.rendering.errors:
        raise ScheduleError(" ".join(finding.message for finding in seen.rendering.errors), "channel")
    if seen.rendering.findings and not wish.accepted:
        raise ScheduleError(
            " ".join(
                [*(finding.message for finding in seen.rendering.findings), _("Mend it, or say why it is right.")]
            ),
            "accepted",
        )
    return seen.revision


def _revision(post: Post, channel: Channel, language: str) -> TranslationRevision | None:
    """The organisation's own text in the language; in the source language, the coordinator's."""
    texts = Translation.objects.filter(post=post, language=language).select_related("current", "current__translation")
    own = texts.filter(organisation=channel.organisation_id).first() or texts.filter(is_source=True).first()
    return own.current if own else None


def _standing(wish: Wish) -> ScheduledItem | None:
    same = ScheduledItem.objects.filter(
        channel=wish.channel, post=wish.post, language=wish.language, occurrence=wish.occurrence
    )
    return same.exclude(state=State.CANCELLED).first()
