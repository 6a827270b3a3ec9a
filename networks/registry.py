"""Every network by its slug. A new network is one line here, one file beside this one, one test and one icon."""

from functools import cache
from importlib import import_module

from networks.base import Network

NETWORKS: dict[str, str] = {
    "x": "networks.x:X",
    "facebook": "networks.facebook:Facebook",
    "instagram": "networks.instagram:Instagram",
    "linkedin": "networks.linkedin:LinkedIn",
    "mastodon": "networks.mastodon:Mastodon",
    "bluesky": "networks.bluesky:Bluesky",
    "telegram": "networks.telegram:Telegram",
}
"""Slug → `module:Class`, in the order in which pages list them."""


class UnknownNetworkError(LookupError):
    """No network has this slug."""


@cache
def get(slug: str) -> Network:
    """The one instance of this network's rules. Raises UnknownNetworkError."""
    if slug not in NETWORKS:
        raise UnknownNetworkError(f"No network is called {slug!r}.")
    module, _, name = NETWORKS[slug].partition(":")
    network = getattr(import_module(module), name)()
    if not isinstance(network, Network):
        raise TypeError(f"{NETWORKS[slug]} is not a Network.")
    return network


def all_networks() -> list[Network]:
    """All networks, in the order of NETWORKS."""
    return [get(slug) for slug in NETWORKS]


def choices() -> list[tuple[str, str]]:
    """Slug and name of each network, as a form's choices."""
    return [(network.slug, network.name) for network in all_networks()]
