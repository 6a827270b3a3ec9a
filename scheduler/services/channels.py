"""Connecting an account, asking whether its credential still works, and letting it go."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from accounts.actors import Actor
from accounts.crypto import UnreadableCredentialsError, encrypt
from accounts.models import AuditVerb, Organisation
from accounts.services import audit
from networks import bluesky
from networks.content import Account
from networks.errors import LaterError, NetworkError, ReconnectError
from scheduler import clock
from scheduler.models import Channel, Health, Transport
from scheduler.services.adapters import adapter_for

FIELDS = {"address": "pds", "wrong-password": "app_password", "not-an-app-password": "app_password"}
"""Which field of the form a refusal is about, by its code; any other is about the account."""


@dataclass
class ConnectError(Exception):
    """Why an account was not connected, or a channel not touched: a sentence, and the `field` it is about, if any."""

    message: str
    field: str = ""


@sensitive_variables("app_password", "credentials")
def connect_bluesky(
    organisation: Organisation, pds: str, identifier: str, app_password: str, *, actor: Actor
) -> Channel:
    """Signs in at the server `pds` and returns the channel of that account: a new one, or the organisation's own,
    connected again. The app password is not stored. Raises ConnectError."""
    try:
        credentials, account = bluesky.connect(pds, identifier, app_password)
    except LaterError as error:
        message = f"This server gave no usable answer, and nothing was stored. Try again later. ({error.message})"
        raise ConnectError(message, "pds") from error
    except NetworkError as error:
        raise ConnectError(error.message, FIELDS.get(error.code, "identifier")) from error
    try:
        with transaction.atomic():
            return _stored(_channel_of(organisation, account, actor), credentials, actor)
    except IntegrityError as error:
        raise _taken() from error


def _channel_of(organisation: Organisation, account: Account, actor: Actor) -> Channel:
    """The account's channel here, not saved yet. Raises ConnectError where another organisation has connected it."""
    same = Channel.objects.select_for_update().filter(
        network="bluesky", transport=Transport.API, remote_id=account.remote_id
    )
    for left in same.filter(health=Health.DISCONNECTED).exclude(organisation=organisation):
        Channel.objects.filter(pk=left.pk).update(remote_id="")
        audit.note(actor, left.organisation, AuditVerb.CHANNEL_MOVED_AWAY, left, clock.now())
    found = same.first()
    if found is None:
        name = _free_name(organisation, account)
        return Channel(organisation=organisation, network="bluesky", transport=Transport.API, name=name,
                       remote_id=account.remote_id)  # fmt: skip
    if found.organisation_id != organisation.pk:
        raise _taken()
    return found


def _taken() -> ConnectError:
    return ConnectError(
        "This account is connected to another organisation here. It can be connected once; that organisation would "
        "have to disconnect it first.",
        "identifier",
    )


def _free_name(organisation: Organisation, account: Account) -> str:
    """The handle; where a channel is called so already, with the account's own id, which is nobody else's."""
    named = Channel.objects.filter(organisation=organisation, network="bluesky", name=account.name)
    return f"{account.name}, {account.remote_id}"[:120] if named.exists() else account.name[:120]


def _stored(channel: Channel, credentials: dict[str, str], actor: Actor) -> Channel:
    """From now on the account's own server is spoken to: the address that was typed may only be its entrance."""
    channel.base_url, channel.credentials = credentials["pds"], encrypt(credentials)
    channel.health, channel.health_note, channel.checked_at = Health.OK, "", clock.now()
    verb = AuditVerb.CHANNEL_CONNECTED if channel.pk is None else AuditVerb.CHANNEL_CONNECTED_AGAIN
    audit.note(actor, channel.organisation, verb, channel, clock.now())
    if channel.pk is None:
        channel.save()
    else:
        channel.save(update_fields=["base_url", "credentials", "health", "health_note", "checked_at"])
    return channel


@transaction.atomic
def disconnect(channel: Channel, actor: Actor) -> None:
    """Deletes the credentials. The channel stays for its history, and what is planned on it is held.

    Raises ConnectError for one that is not connected by a credential of its own."""
    if channel.transport != Transport.API:
        raise ConnectError("Only a channel that was connected with a credential can be disconnected.")
    channel.credentials, channel.health, channel.health_note = "", Health.DISCONNECTED, ""
    channel.save(update_fields=["credentials", "health", "health_note"])
    audit.note(actor, channel.organisation, AuditVerb.CHANNEL_DISCONNECTED, channel, clock.now())


def check(channel: Channel, actor: Actor) -> None:
    """Asks the network whose credential it is, and writes down when and with what result. A server that does not
    answer says nothing about the credential: then nothing is changed, and ConnectError is raised."""
    if channel.transport == Transport.BY_HAND or channel.health == Health.DISCONNECTED:
        raise ConnectError("There is no credential here that could be checked.")
    try:
        adapter_for(channel).whoami()
    except (ReconnectError, UnreadableCredentialsError) as error:
        _checked(channel, Health.RECONNECT, str(error), actor)
    except NetworkError as error:
        raise ConnectError(f"The network gave no usable answer; nothing was changed. ({error.message})") from error
    else:
        _checked(channel, Health.OK, "", actor)


@transaction.atomic
def _checked(channel: Channel, health: Health, note: str, actor: Actor) -> None:
    """Only what was found: renewed tokens have been stored by the adapter meanwhile."""
    channel.health, channel.health_note, channel.checked_at = health, note[:300], clock.now()
    channel.save(update_fields=["health", "health_note", "checked_at"])
    verb = AuditVerb.CHANNEL_WORKS if health == Health.OK else AuditVerb.CHANNEL_DEAD
    audit.note(actor, channel.organisation, verb, channel, clock.now())
