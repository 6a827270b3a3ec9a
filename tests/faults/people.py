"""People who pause, cancel, edit, move, publish at once and settle, through the services, while everything breaks."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.db import DatabaseError, InterfaceError, connection

from accounts.actors import CHORUS
from accounts.models import Organisation
from campaign.models import Campaign, Post, Translation
from scheduler import clock, listen
from scheduler.models import Channel, PublishAttempt, ScheduledItem
from scheduler.services import change, settle
from scheduler.services.errors import ConflictError, ScheduleError
from scheduler.services.schedule import Wish, schedule
from scheduler.states import HoldReason, State
from tests.factories import revise
from tests.faults.adapter import BLIND
from tests.faults.evidence import accepted, mark_of
from tests.faults.world import words

PATIENCE = timedelta(seconds=15)
"""Nobody looks at a post's page sooner after the sending than this; the network accepts within six seconds."""
PAUSE = 3.0
"""Seconds for which somebody pauses something."""


class People:
    """One thread of them. `told` counts what they did, and what they were refused with a sentence."""

    def __init__(self, seed: int, network: Path, network_url: str, each: float = 0.25) -> None:
        self._dice, self._network, self._url, self._each = random.Random(seed), network, network_url, each
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._edits = 0
        self.told: Counter[str] = Counter()

    def start(self) -> None:
        """They begin."""
        self._thread.start()

    def stop(self) -> None:
        """They go home; what they paused is released by whoever ends the run."""
        self._enough.set()
        self._thread.join(timeout=30)

    def _live(self) -> None:
        deeds: list[tuple[int, Callable[[], None]]] = [
            (3, self._cancel), (6, self._move), (6, self._publish_now), (1, self._edit), (12, self._confirm),
            (12, self._settle), (5, self._plan_again), (6, self._plan_missed), (5, self._try_again), (3, self._stop_a_thread),
            (2, self._pause_organisation), (1, self._pause_campaign),
        ]  # fmt: skip
        while not self._enough.wait(self._each):
            (deed,) = self._dice.choices([deed for _, deed in deeds], [weight for weight, _ in deeds])
            try:
                with self._refusals():
                    deed()
            except (DatabaseError, InterfaceError):
                self.told["database away"] += 1
                connection.close()
        connection.close()

    def _one(self, **lookups: object) -> ScheduledItem | None:
        found = ScheduledItem.objects.filter(**lookups).order_by("next_try_at")[:200]
        return self._dice.choice(list(found) or [None])

    def _cancel(self) -> None:
        if item := self._one(state__in=[State.SCHEDULED, State.FAILED, State.HELD]):
            change.cancel(item.pk, item.version, CHORUS)
            self.told["cancelled"] += 1

    def _move(self) -> None:
        if item := self._one(state__in=[State.SCHEDULED, State.HELD, State.MISSED]):
            later = clock.now() + timedelta(seconds=self._dice.uniform(2, 30))
            wall = later.astimezone(item.channel.organisation.zone).replace(tzinfo=None)
            change.move_to(item.pk, wall, item.version, CHORUS)
            self.told["moved"] += 1

    def _publish_now(self) -> None:
        if item := self._one(state=State.SCHEDULED):
            change.publish_now(item.pk, item.version, CHORUS)
            self.told["published now"] += 1

    def _try_again(self) -> None:
        if item := self._one(state__in=[State.FAILED, State.PARTIAL]):
            change.publish_now(item.pk, item.version, CHORUS)
            self.told["tried again"] += 1

    def _stop_a_thread(self) -> None:
        if item := self._one(state=State.PARTIAL):
            settle.stop_here(item.pk, item.version, CHORUS)
            self.told["stopped a thread"] += 1

    def _plan_again(self) -> None:
        """Plans what was cancelled once more, through the front door."""
        if item := self._one(state=State.CANCELLED):
            later = clock.now() + timedelta(seconds=self._dice.uniform(2, 20))
            wall = later.astimezone(item.channel.organisation.zone).replace(tzinfo=None)
            channel = Channel.objects.get(pk=item.channel_id)
            schedule(Wish(item.post, channel, "en", wall, "as planned", item.occurrence), CHORUS)
            self.told["planned"] += 1

    def _edit(self) -> None:
        """Changes the words of a post of which something is due soon: all of its planned items are held."""
        item = self._one(state=State.SCHEDULED)
        if item is None:
            return
        self._edits += 1
        post = Post.objects.get(pk=item.post_id)
        source = Translation.objects.get(post=post, is_source=True)
        revise(source, words(post, self._edits))
        listen.on_translation_changed(source.pk)
        self.told["edited"] += 1

    def _confirm(self) -> None:
        """Those that are due first; one edit holds a hundred, so that each deed must take many."""
        self._confirm_some(100)

    def _confirm_some(self, most: int) -> int:
        """Returns how many were held for it."""
        held = ScheduledItem.objects.filter(state=State.HELD, hold_reason=HoldReason.NEW_REVISION)
        found = list(held.order_by("next_try_at")[:most])
        for item in found:
            with self._refusals():
                change.still_right(item.pk, item.version, CHORUS)
                self.told["said «still right»"] += 1
        return len(found)

    def _plan_missed(self) -> None:
        """What was too late goes out now."""
        for item in ScheduledItem.objects.filter(state=State.MISSED).order_by("pk")[:10]:
            with self._refusals():
                change.publish_now(item.pk, item.version, CHORUS)
                self.told["planned what was missed"] += 1

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """One item that changed meanwhile does not keep somebody from the next."""
        try:
            yield
        except (ConflictError, ScheduleError):
            self.told["refused with a sentence"] += 1

    def tidy_up(self) -> None:
        """When everything is whole again: what is held for an edit is confirmed."""
        for _ in range(100):
            if not self._confirm_some(100):
                return

    def _pause_organisation(self) -> None:
        self._pause(Organisation, self._dice.choice(list(Organisation.objects.values_list("pk", flat=True))))

    def _pause_campaign(self) -> None:
        self._pause(Campaign, self._dice.choice(list(Campaign.objects.values_list("pk", flat=True))))

    def _pause(self, model: type[Organisation] | type[Campaign], pk: int) -> None:
        model.objects.filter(pk=pk).update(paused=True)
        self._enough.wait(PAUSE)
        model.objects.filter(pk=pk).update(paused=False)
        self.told["paused"] += 1

    def _settle(self) -> None:
        """Looks at the network's own page some time after the sending, and says what is there; or asks to send it
        again; or leaves it. With read-back only when Chorus has given up looking."""
        item = self._one(state=State.UNCERTAIN, send_again=False)
        if item is None or not (item.next_look_at is None or item.channel.remote_id.startswith(BLIND)):
            return
        sent = PublishAttempt.objects.filter(segment__item=item, sent_at__gt=clock.now() - PATIENCE)
        missing = item.segments.filter(published_at=None, first_sent_at__isnull=False).first()
        if sent.exists() or missing is None:
            return
        there = [post for post in accepted(self._network) if post.account == item.channel.remote_id]
        mine = [post for post in there if post.mark == mark_of(missing.text)]
        if mine:
            settle.it_is_there(item.pk, f"{self._url}/posts/{mine[0].id}", item.version, CHORUS)
            self.told["said «it is there»"] += 1
        elif self._dice.random() < 0.8:
            settle.send_again(item.pk, item.version, CHORUS)
            self.told["said «send again»"] += 1
        else:
            settle.leave_it(item.pk, "Nobody can tell.", item.version, CHORUS)
            self.told["left it"] += 1
