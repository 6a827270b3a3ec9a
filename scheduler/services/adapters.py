"""From a channel to the adapter that speaks for it."""

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Any

from accounts.crypto import decrypt, encrypt
from networks.base import Adapter, Network
from networks.content import Capability
from networks.errors import ReconnectError
from networks.wall.adapter import WallAdapter
from scheduler.models import Channel, Health, Transport
from scheduler.services import x_guard


def adapter_for(channel: Channel) -> Adapter:
    """A fresh adapter with the channel's credentials. Raises ReconnectError where there is none to be had."""
    credentials = decrypt(channel.credentials)
    if channel.transport == Transport.WALL:
        return WallAdapter(channel.base_url, credentials, channel.network)
    if channel.transport != Transport.API or not channel.rules.adapter or not credentials:
        raise ReconnectError(
            "This channel has no way to publish by itself. Post by hand, or connect it.", code="no-adapter"
        )
    if refusal := x_guard.refusal(channel.network):
        raise ReconnectError(refusal, code="switched-off")
    adapter: Adapter = _class_of(channel.rules)(channel.base_url, credentials, partial(_store, channel.pk))
    return adapter


def capabilities_of(network: Network) -> frozenset[Capability]:
    """What a network's adapter can do besides publishing; nothing where there is no adapter."""
    found: frozenset[Capability] = _class_of(network).capabilities if network.adapter else frozenset()
    return found


def _class_of(network: Network) -> Any:  # noqa: ANN401 - an adapter's class, found by its name
    module, _, name = network.adapter.partition(":")
    return getattr(import_module(module), name)


def _store(channel_id: int, credentials: Mapping[str, str]) -> None:
    """Stores renewed credentials at once: a refresh token that was rotated and forgotten is a lost channel."""
    connected = Channel.objects.filter(pk=channel_id).exclude(health=Health.DISCONNECTED)
    connected.update(credentials=encrypt(credentials))
