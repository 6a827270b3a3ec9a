"""Connecting an account, asking whether its credential still works, and letting it go."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.actors import Actor
from accounts.crypto import UnreadableCredentialsError, encrypt
from accounts.models import AuditVerb, Organisation, User
from accounts.services import audit
from networks.connecting import Grant
from networks.content import Account
from networks.errors import NetworkError, ReconnectError
from scheduler import clock
from scheduler.models import Channel, Health, Transport
from scheduler.services.adapters import adapter_for


@dataclass
class ConnectError(Exception):
    """Why an account was not connected, or a channel not touched: a sentence, and the `field` it is about, if any."""

    message: str
    field: str = ""


@sensitive_variables("grant")
def connected(organisation: Organisation, network: str, grant: Grant, actor: Actor, by: User | None = None) -> Channel:
    """The channel of an account that was granted: a new one, or the organisation's own, connected again. Raises
    ConnectError where another organisation has connected it."""
    try:
        with transaction.atomic():
            return _stored(_channel_of(organisation, network, grant.account, actor), grant, actor, by)
    except IntegrityError as error:
        raise _taken() from error


def by_hand(organisation: Organisation, network: str, name: str) -> Channel:
    """A channel that a person posts on. Raises ConnectError where one is called so already."""
    named = {"organisation": organisation, "network": network, "name": name}
    if Channel.objects.filter(**named).exists():
        raise ConnectError(_("A channel of this network is called so already."), "name")
    return Channel.objects.create(**named, transport=Transport.BY_HAND)


def _channel_of(organisation: Organisation, network: str, account: Account, actor: Actor) -> Channel:
    """The account's channel here, not saved yet. Raises ConnectError where another organisation has connected it."""
    same = Channel.objects.select_for_update().filter(
        network=network, transport=Transport.API, remote_id=account.remote_id
    )
    for left in same.filter(health=Health.DISCONNECTED).exclude(organisation=organisation):
        Channel.objects.filter(pk=left.pk).update(remote_id="")
        audit.note(actor, left.organisation, AuditVerb.CHANNEL_MOVED_AWAY, left, clock.now())
    found = same.first()
    if found is None:
        name = _free_name(organisation, network, account)
        return Channel(organisation=organisation, network=network, transport=Transport.API, name=name,
                       remote_id=account.remote_id)  # fmt: skip
    if found.organisation_id != organisation.pk:
        raise _taken()
    return found


def _taken() -> ConnectError:
    return ConnectError(
        _(
            "This account is connected to another organisation here. It can be connected once; that organisation would "
            "have to disconnect it first."
        )
    )


def _free_name(organisation: Organisation, network: str, account: Account) -> str:
    """The handle; where a channel is called so already, with the account's own id, which is nobody else's."""
    named = Channel.objects.filter(organisation=organisation, network=network, name=account.name)
    return f"{account.name}, {account.remote_id}"[:120] if named.exists() else account.name[:120]


def _stored(channel: Channel, grant: Grant, actor: Actor, by: User | None) -> Channel:
    """From now on the account's own server is spoken to: the address that was typed may only be its entrance."""
    channel.base_url, channel.credentials = grant.base_url, encrypt(grant.credentials)
    channel.scopes, channel.expires_at = list(grant.scopes), grant.expires_at
    channel.connected_by, channel.connected_at = by, clock.now()
    channel.health, channel.health_note, channel.checked_at = Health.OK, "", clock.now()
    verb = AuditVerb.CHANNEL_CONNECTED if channel.pk is None else AuditVerb.CHANNEL_CONNECTED_AGAIN
    audit.note(actor, channel.organisation, verb, channel, clock.now())
    if channel.pk is None:
        channel.save()
    else:
        channel.save(update_fields=[*CREDENTIAL, "health", "health_note", "checked_at"])
    return channel


CREDENTIAL = ("base_url", "credentials", "scopes", "expires_at", "connected_by", "connected_at")
"""The columns that are about the credential."""


@transaction.atomic
def disconnect(channel: Channel, actor: Actor) -> None:
    """Deletes the credentials. The channel stays for its history, and what is planned on it is held.

    Raises ConnectError for one that is not connected by a credential of its own."""
    if channel.transport != Transport.API:
        raise ConnectError(_("Only a channel that was connected with a credential can be disconnected."))
    channel.credentials, channel.health, channel.health_note = "", Health.DISCONNECTED, ""
    channel.scopes, channel.expires_at = [], None
    channel.save(update_fields=["credentials", "scopes", "expires_at", "health", "health_note"])
    audit.note(actor, channel.organisation, AuditVerb.CHANNEL_DISCONNECTED, channel, clock.now())


def check(channel: Channel, actor: Actor) -> None:
    """Asks the network whose credential it is, and writes down when and with what result. A server that does not
    answer says nothing about the credential: then nothing is changed, and ConnectError is raised."""
    if channel.transport == Transport.BY_HAND or channel.health == Health.DISCONNECTED:
        raise ConnectError(_("There is no credential here that could be checked."))
    try:
        adapter_for(channel).whoami()
    except (ReconnectError, UnreadableCredentialsError) as error:
        _checked(channel, Health.RECONNECT, str(error), actor)
    except NetworkError as error:
        raise ConnectError(
            _("The network gave no usable answer; nothing was changed. (%(answer)s)") % {"answer": error.message}
        ) from error
    else:
        _checked(channel, Health.OK, "", actor)


@transaction.atomic
def _checked(channel: Channel, health: Health, note: str, actor: Actor) -> None:
    """Only what was found: renewed tokens have been stored by the adapter meanwhile."""
    channel.health, channel.health_note, channel.checked_at = health, note[:300], clock.now()
    channel.save(update_fields=["health", "health_note", "checked_at"])
    verb = AuditVerb.CHANNEL_WORKS if health == Health.OK else AuditVerb.CHANNEL_DEAD
    audit.note(actor, channel.organisation, verb, channel, clock.now())
