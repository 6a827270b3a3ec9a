"""The operator's apps at the networks: put in once, encrypted, and shown to nobody again."""

from dataclasses import asdict, fields

from django.views.decorators.debug import sensitive_variables

from accounts.crypto import decrypt, encrypt
from networks.connecting import App
from scheduler import clock
from scheduler.models import AppKey, Channel, Health, Transport

REDIRECT = "redirect_uri"
"""Beside the app's own fields: the address it was registered with."""


@sensitive_variables("values")
def app_of(network: str, base_url: str = "") -> App | None:
    """The app at a network, or at one server of it; None where there is none. Raises UnreadableCredentialsError."""
    key = AppKey.objects.filter(network=network, base_url=base_url).first()
    if key is None:
        return None
    values = decrypt(key.credentials)
    return App(**{one.name: values[one.name] for one in fields(App) if one.name in values})


def keep(network: str, app: App, base_url: str = "", redirect_uri: str = "") -> None:
    """Stores an app, in the place of the one that was there."""
    values = {"credentials": encrypt(asdict(app) | {REDIRECT: redirect_uri}), "changed_at": clock.now()}
    AppKey.objects.update_or_create(network=network, base_url=base_url, defaults=values)


def forget(network: str) -> None:
    """Deletes the operator's app. Channels that are connected stay so for as long as the network lets them."""
    AppKey.objects.filter(network=network, base_url="").delete()


def networks_with_keys() -> set[str]:
    """The networks that the operator has put an app in for."""
    return set(AppKey.objects.filter(base_url="").values_list("network", flat=True))


def registered_app(network: str, base_url: str, redirect_uri: str) -> App | None:
    """The app that Chorus registered at a server, where it can still be used: with the same redirect address, and not
    forgotten there (an instance of Mastodon deletes apps that nobody has used for a day)."""
    key = AppKey.objects.filter(network=network, base_url=base_url).first()
    if key is None or decrypt(key.credentials).get(REDIRECT) != redirect_uri:
        return None
    used = Channel.objects.filter(network=network, base_url=base_url, transport=Transport.API)
    return app_of(network, base_url) if used.exclude(health=Health.DISCONNECTED).exists() else None
