"""Connecting an account: by a form, or by the network's consent page, there and back."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.actors import actor_for
from accounts.crypto import decrypt
from accounts.models import Organisation, User
from campaign.services.public_pictures import public_address_problem
from networks import registry
from networks.base import Network
from networks.connecting import App, Field, FormConnector, Grant, OAuthConnector
from networks.errors import LaterError, NetworkError
from networks.public_hosts import server_of
from scheduler.models import Channel, PendingConnection
from scheduler.services import app_keys, care, channels, pending, x_guard
from scheduler.services.channels import ConnectError

BY_HAND, FORM, CONSENT, NO_KEYS, SWITCHED_OFF = "by_hand", "form", "consent", "no_keys", "switched_off"
"""How an account of a network can be connected here."""


@dataclass(frozen=True)
class Way:
    """A network, and how an account of it comes to be a channel."""

    network: Network
    kind: str

    @property
    def connects(self) -> bool:
        """Whether Chorus could publish on it by itself."""
        return self.kind in (FORM, CONSENT)

    @property
    def refusal(self) -> str:
        """Why the operator does not let Chorus publish on it, where that is so."""
        return x_guard.refusal(self.network.slug)

    @property
    def needs(self) -> str:
        """What the person must have or be at the network before connecting works; plain English, which a catalogue may
        know."""
        connector = connector_class(self.network)
        return _(connector.needs) if connector and connector.needs else ""

    @property
    def picture_problem(self) -> str:
        """Why it could not fetch our pictures, for a network that does so; empty where it can."""
        return public_address_problem(server_for(self.network)) if self.network.fetches_pictures else ""


@dataclass(frozen=True)
class Visitor:
    """Who connects, for which organisation, in which session of their browser."""

    user: User
    organisation: Organisation
    session: str


def ways() -> list[Way]:
    """All networks, in the order of the registry."""
    keys = app_keys.networks_with_keys()
    return [Way(network, _kind(network, keys)) for network in registry.all_networks()]


def way_of(slug: str) -> Way:
    """The way for one network. Raises UnknownNetworkError."""
    return Way(registry.get(slug), _kind(registry.get(slug), app_keys.networks_with_keys()))


def _kind(network: Network, keys: set[str]) -> str:
    connector = connector_class(network)
    if connector is None:
        return BY_HAND
    if x_guard.refusal(network.slug):
        return SWITCHED_OFF
    if issubclass(connector, FormConnector):
        return FORM
    return NO_KEYS if connector.needs_app and network.slug not in keys else CONSENT


def connector_class(network: Network) -> type[OAuthConnector] | type[FormConnector] | None:
    """The network's connector, None where an account can be posted on by hand only."""
    if not network.connector:
        return None
    module, _, name = network.connector.partition(":")
    found: type[OAuthConnector] | type[FormConnector] = getattr(import_module(module), name)
    return found


def needs_keys(network: Network) -> bool:
    """Whether accounts of a network can be connected with an app of the operator's alone."""
    connector = connector_class(network)
    return connector is not None and issubclass(connector, OAuthConnector) and connector.needs_app


def configuration_of(network: Network) -> Field | None:
    """How the configuration of the operator's app is asked for; None where this network's apps have none."""
    connector = connector_class(network)
    return connector.configuration if connector and issubclass(connector, OAuthConnector) else None


def server_for(network: Network) -> str:
    """Where a network is spoken to unless somebody names another server: its own address, or the settings' one."""
    connector = connector_class(network)
    own = connector.default_base_url if connector else ""
    return str(settings.NETWORK_SERVERS.get(network.slug, own))


def redirect_uri() -> str:
    """The one address to which every network sends people back."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('channel_consented')}"


@sensitive_variables("typed", "grant")
def by_form(visitor: Visitor, network: Network, typed: Mapping[str, str]) -> Channel:
    """The channel of the account behind what was typed. Raises ConnectError with the field that it is about."""
    connector = connector_class(network)
    if connector is None or not issubclass(connector, FormConnector):
        raise ConnectError(_("This network is not connected by a form."))
    try:
        grant = connector(server_for(network)).connect(**typed)
    except NetworkError as error:
        raise _told(error) from error
    return _stored(visitor, network.slug, grant)


@sensitive_variables("app", "consent", "state")
def begin(visitor: Visitor, network: Network, server: str = "") -> str:
    """The address of the consent page; what must come back with the person is kept. Raises ConnectError."""
    try:
        connector = _asking(network, server)
        state = secrets.token_urlsafe(32)
        consent = connector.consent(redirect_uri(), state)
    except NetworkError as error:
        raise _told(error) from error
    pending.start(visitor.user, visitor.organisation, network.slug, connector.base_url, visitor.session, state,
                  consent.kept)  # fmt: skip
    return consent.url


def _asking(network: Network, server: str) -> OAuthConnector:
    """The connector with its app. Raises ConnectError and the errors of networks."""
    connector = connector_class(network)
    if connector is None or not issubclass(connector, OAuthConnector):
        raise ConnectError(_("This network has no consent page."))
    if refusal := x_guard.refusal(network.slug):
        raise ConnectError(refusal)
    base_url = server_of(server) if connector.asks_for_server else server_for(network)
    if not connector.needs_app:
        return connector(base_url, _own_app(connector, network.slug, base_url))
    app = app_keys.app_of(network.slug)
    if app is None:
        raise ConnectError(
            _("There are no app keys for %(network)s here yet. Ask whoever runs this installation.")
            % {"network": network.name}
        )
    return connector(base_url, app)


def _own_app(connector: type[OAuthConnector], network: str, base_url: str) -> App:
    app = app_keys.registered_app(network, base_url, redirect_uri())
    if app is None:
        app = connector(base_url).register(redirect_uri())
        app_keys.keep(network, app, base_url, redirect_uri())
    return app


@sensitive_variables("answer", "grants")
def come_back(visitor: Visitor, journey: PendingConnection, answer: Mapping[str, str]) -> list[Channel]:
    """What came of a consent: the channel, or none yet where there are several accounts to choose from. `journey` is
    what `pending.take` gave for the state of `answer`. Raises ConnectError."""
    network = registry.get(journey.network)
    try:
        grants = _connector_of(network, journey.base_url).exchange(redirect_uri(), answer, decrypt(journey.kept))
    except NetworkError as error:
        raise _told(error) from error
    if not grants:
        raise ConnectError(_("%(network)s named no account that could be connected.") % {"network": network.name})
    if len(grants) > 1:
        pending.keep_grants(journey, grants)
        return []
    return [_stored(visitor, network.slug, grants[0])]


@sensitive_variables("grants")
def choose(visitor: Visitor, journey: PendingConnection, chosen: Sequence[str]) -> list[Channel]:
    """The channels of the accounts that a person chose by their ids; the others are forgotten. Raises ConnectError."""
    grants = [grant for grant in pending.grants_of(journey) if grant.account.remote_id in chosen]
    made = [_stored(visitor, journey.network, grant) for grant in grants]
    journey.delete()
    return made


def revoke(channel: Channel) -> bool:
    """Tells the network that a channel's credential is used no more; whether it took that. To be called first, while
    the credential is still there."""
    connector = connector_class(channel.rules)
    try:
        credentials = decrypt(channel.credentials)
        if connector is None or not credentials:
            return False
        if issubclass(connector, FormConnector):
            connector(channel.base_url).revoke(credentials)
        else:
            _connector_of(channel.rules, channel.base_url).revoke(credentials)
    except Exception:  # a network that is away, a key that is lost: letting go must work all the same
        return False
    return True


def _connector_of(network: Network, base_url: str) -> Any:  # noqa: ANN401 - its class is found by name
    connector: Any = connector_class(network)
    return connector(base_url, app_keys.app_of(network.slug, "" if connector.needs_app else base_url))


def _stored(visitor: Visitor, network: str, grant: Grant) -> Channel:
    actor = actor_for(visitor.user, visitor.organisation)
    channel = channels.connected(visitor.organisation, network, grant, actor, visitor.user)
    care.learn_limits(channel)
    return channel


def _told(error: NetworkError) -> ConnectError:
    if isinstance(error, LaterError):
        message = _("This server gave no usable answer, and nothing was stored. Try again later. (%(answer)s)")
        return ConnectError(message % {"answer": error.message}, error.code)
    return ConnectError(error.message, error.code)
