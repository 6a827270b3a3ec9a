"""`make demo NETWORKS=local`: a server of each network on this machine, so that accounts can be connected without any.

The servers belong to the tests and are no part of what is installed on a server: this works in a checkout alone, with
the tools that `make sync` installs.
"""

from importlib import import_module
from typing import Any

from scheduler.demo.errors import DemoError

MODULE = "tests.networks.fakes.local"


def servers() -> Any:  # noqa: ANN401 - the module of the tests
    """The module that knows the local servers. Raises DemoError where it is not there."""
    try:
        return import_module(MODULE)
    except ImportError as error:
        raise DemoError(
            f"NETWORKS=local needs a checkout with its tests and the tools that `make sync` installs ({error.name})."
        ) from error


def addresses(port: int) -> dict[str, str]:
    """Slug → address of each local server, if the first listens on `port`. Raises DemoError."""
    found: dict[str, str] = servers().addresses(port)
    return found


def hints(port: int) -> list[str]:
    """A line for each server: its name, where it is, and what to type there."""
    known = servers().SERVERS
    return [f"{slug:<9} {address}  {known[slug].hint}".rstrip() for slug, address in addresses(port).items()]


def put_in_keys() -> None:
    """Stores the apps that the local servers know, as an operator would, where there are none yet."""
    from networks.connecting import App  # models can be read only after django.setup()
    from scheduler.services import app_keys

    have = app_keys.networks_with_keys()
    for slug, local in servers().SERVERS.items():
        if local.client_id and slug not in have:
            app_keys.keep(slug, App(local.client_id, local.client_secret))
