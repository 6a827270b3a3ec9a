"""Keeping connected channels alive: renewing credentials ahead of their end, and reading their servers' limits."""

import logging
from datetime import timedelta

from django.db.models import QuerySet

from accounts.crypto import UnreadableCredentialsError
from networks.errors import NetworkError, ReconnectError
from scheduler import clock
from scheduler.models import Channel, Health, Transport
from scheduler.services.adapters import adapter_for

log = logging.getLogger(__name__)

AHEAD = timedelta(days=10)
"""How long before its end a credential is renewed."""

LIMITS_LIVE = timedelta(days=1)
"""How long a server's limits are believed without asking again."""

AT_ONCE = 200
"""Channels that one run of the task looks at, at most."""


def refresh_due() -> int:
    """Renews every credential whose end is near; returns how many channels were looked at."""
    due = _connected().filter(expires_at__lte=clock.now() + AHEAD, busy_item=None).order_by("expires_at")
    channels = list(due[:AT_ONCE])
    for channel in channels:
        _refresh(channel)
    return len(channels)


def learn_due() -> int:
    """Asks the servers of channels for their limits where those are older than a day; returns how many were asked."""
    old = _connected().exclude(limits_at__gt=clock.now() - LIMITS_LIVE).order_by("limits_at")
    channels = list(old[:AT_ONCE])
    for channel in channels:
        learn_limits(channel)
    return len(channels)


def learn_limits(channel: Channel) -> None:
    """Stores what the account's server says of its limits now. Where it says nothing usable, what is known stays."""
    try:
        told = dict(adapter_for(channel).limits())
    except (NetworkError, UnreadableCredentialsError) as error:
        log.info("The limits of channel %s could not be read (%s).", channel.pk, getattr(error, "code", ""))
        return
    channel.server_limits, channel.limits_at = told, clock.now()
    channel.save(update_fields=["server_limits", "limits_at"])


def _refresh(channel: Channel) -> None:
    """A renewal that somebody else made in the same moment ends the token that we hold: that is no failure."""
    before = channel.credentials
    try:
        adapter = adapter_for(channel)
        adapter.refresh()
        end = adapter.ends_at()
    except (ReconnectError, UnreadableCredentialsError) as error:
        _fell_out(channel, str(error), before)
    except NetworkError as error:
        log.info("Channel %s could not be renewed now (%s).", channel.pk, error.code)
        _end_reached(channel, before)
    else:
        if end is not None:
            Channel.objects.filter(pk=channel.pk).update(expires_at=end)
            channel.expires_at = end
        _end_reached(channel, before)


def _end_reached(channel: Channel, before: str) -> None:
    if channel.expires_at and channel.expires_at <= clock.now():
        _fell_out(channel, "The network's consent has come to its end. Connect the account again.", before)


def _fell_out(channel: Channel, note: str, before: str) -> None:
    """Only while the credential is still the one that failed."""
    same = Channel.objects.filter(pk=channel.pk, credentials=before, health=Health.OK)
    same.update(health=Health.RECONNECT, health_note=note[:300], checked_at=clock.now())


def _connected() -> QuerySet[Channel]:
    return Channel.objects.filter(transport=Transport.API, health=Health.OK).select_related("organisation")
