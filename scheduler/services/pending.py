"""Journeys to a consent page: begun here, taken up once, by the same person in the same session, within ten minutes."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import QuerySet
from django.views.decorators.debug import sensitive_variables

from accounts.crypto import decrypt, encrypt
from accounts.models import Organisation, User
from networks.connecting import Grant
from networks.content import Account
from scheduler import clock
from scheduler.models import PendingConnection

LIFE = timedelta(minutes=10)


class NoJourneyError(Exception):
    """Nobody was sent with this state, or not this person, or it was used, or too long ago."""


@sensitive_variables("state", "kept")
def start(
    user: User, organisation: Organisation, network: str, base_url: str, session: str, state: str,
    kept: Mapping[str, str],
) -> PendingConnection:  # fmt: skip
    """Remembers that `user` was sent to the consent page; forgets every journey that is over."""
    PendingConnection.objects.filter(started_at__lt=clock.now() - 2 * LIFE).delete()
    return PendingConnection.objects.create(
        state_digest=_digest(state), session_digest=_digest(session), user=user, organisation=organisation,
        network=network, base_url=base_url, kept=encrypt(kept), started_at=clock.now(),
    )  # fmt: skip


@sensitive_variables("state")
def take(user: User, session: str, state: str) -> PendingConnection:
    """The journey that `state` belongs to, from now on used. Raises NoJourneyError."""
    own = _alive(user, session).filter(state_digest=_digest(state), used_at=None)
    journey = own.select_related("organisation").first()
    # The update decides: of two requests with the same state one changes the row.
    if journey is None or not own.filter(pk=journey.pk).update(used_at=clock.now()):
        raise NoJourneyError
    return journey


def choosing(user: User, organisation: Organisation, session: str) -> PendingConnection:
    """The journey whose accounts this person may choose from. Raises NoJourneyError."""
    own = _alive(user, session).filter(organisation=organisation).exclude(grants="")
    journey = own.order_by("-started_at").first()
    if journey is None:
        raise NoJourneyError
    return journey


def _alive(user: User, session: str) -> QuerySet[PendingConnection]:
    return PendingConnection.objects.filter(
        user=user, session_digest=_digest(session), started_at__gt=clock.now() - LIFE
    )


@sensitive_variables("grants", "plain")
def keep_grants(journey: PendingConnection, grants: Sequence[Grant]) -> None:
    """Keeps, encrypted, what a person may choose from, and gives them as long again."""
    plain = {grant.account.remote_id: json.dumps(_flat(grant)) for grant in grants}
    journey.grants, journey.started_at = encrypt(plain), clock.now()
    journey.save(update_fields=["grants", "started_at"])


def grants_of(journey: PendingConnection) -> list[Grant]:
    """The accounts to choose from, in the order in which the network named them."""
    return [_grant(json.loads(one)) for one in decrypt(journey.grants).values()]


def _flat(grant: Grant) -> dict[str, object]:
    account = grant.account
    return {
        "account": [account.remote_id, account.name, account.url],
        "credentials": dict(grant.credentials),
        "base_url": grant.base_url,
        "expires_at": grant.expires_at.isoformat() if grant.expires_at else "",
        "scopes": list(grant.scopes),
    }


def _grant(flat: Mapping[str, object]) -> Grant:
    kept: dict[str, object] = dict(flat)
    end = str(kept["expires_at"])
    return Grant(
        Account(*kept["account"]),  # type: ignore[misc]  # three strings, as _flat wrote them
        kept["credentials"],  # type: ignore[arg-type]  # as above
        str(kept["base_url"]),
        datetime.fromisoformat(end) if end else None,
        tuple(kept["scopes"]),  # type: ignore[arg-type]  # as above
    )


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
