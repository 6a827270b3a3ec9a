"""Holding on to a claim while it is worked on."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings

from networks.content import Json
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
    return Claim(claim.item_id, claim.fence, started)


class Holder:
    """A worker's hold on an item: carries the newest claim, and keeps an adapter's progress while it is valid."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim

    def extend(self) -> None:
        """Renews the lease. Raises LostLeaseError."""
        self.claim = extend(self.claim)

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
        self._holder.extend()
        columns: dict[str, Any] = {"prepared": dict(kept)}
        if repeat_key:
            columns["repeat_key"] = repeat_key
        claim = self._holder.claim
        ours = Segment.objects.filter(pk=self._segment.pk, item__fence=claim.fence, item__state=State.PUBLISHING)
        if not ours.update(**columns):
            raise LostLeaseError
        for name, value in columns.items():
            setattr(self._segment, name, value)
