"""Holding on to a claim while it is worked on."""

import dataclasses
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from networks.content import Json, Prepared
from scheduler import clock
from scheduler.models import ScheduledItem, Segment
from scheduler.services.claim import Claim
from scheduler.services.errors import LostLeaseError
from scheduler.states import State


def extend(claim: Claim) -> Claim:
    """The claim with a full lease again. Raises LostLeaseError if it is not ours any more."""
    started = time.monotonic()
    until = clock.now() + timedelta(seconds=settings.PUBLISH_LEASE)
    held = ScheduledItem.objects.filter(pk=claim.item_id, fence=claim.fence, state=State.PUBLISHING)
    if not held.filter(lease_until__gt=clock.Now()).update(lease_until=until):
        raise LostLeaseError
    return dataclasses.replace(claim, renewed=started)


class Holder:
    """A worker's hold on an item: carries the newest claim, and keeps an adapter's progress while it is valid."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim

    def extend(self) -> None:
        """Renews the lease. Raises LostLeaseError."""
        self.claim = extend(self.claim)

    def extend_in_time(self) -> None:
        """Renews a lease of which half is over: preparing may take long. Raises LostLeaseError."""
        if self.claim.time_left() < settings.PUBLISH_LEASE / 2:
            self.extend()

    def keeper(self, segment: Segment) -> "Keeper":
        """What an adapter's `prepare` calls to store its progress on this segment."""
        return Keeper(self, segment)


class Keeper:
    """Stores progress where the fence is still ours, and renews the lease with it."""

    def __init__(self, holder: Holder, segment: Segment) -> None:
        self._holder = holder
        self._segment = segment

    def __call__(self, kept: Mapping[str, Json], *, repeat_key: str = "") -> None:
        """Raises LostLeaseError, which the adapter lets through."""
        columns: dict[str, Any] = {"prepared": dict(kept)}
        if repeat_key:
            columns["repeat_key"] = repeat_key
        with transaction.atomic():
            self._holder.extend()  # takes the item's row, so that nobody takes it over before this is stored
            Segment.objects.filter(pk=self._segment.pk).update(**columns)
        for name, value in columns.items():
            setattr(self._segment, name, value)

    def keep_what_is_new(self, ready: Prepared) -> None:
        """Stores the end of a preparation, unless that is what was kept on the way. Raises LostLeaseError."""
        if dict(ready.kept) != self._segment.prepared or ready.repeat_key != self._segment.repeat_key:
            self(ready.kept, repeat_key=ready.repeat_key)
