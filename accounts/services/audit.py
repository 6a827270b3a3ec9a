"""The one writer of the audit, who may read its lines, and who stands behind them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import AuditEntry, AuditVerb, Organisation, User
from accounts.permissions import Action, actions_of, can_anywhere, memberships_of


def note(actor: Actor, organisation: Organisation, verb: AuditVerb, thing: object, at: datetime) -> None:
    """Writes down that `actor` did this to `thing` of the organisation `at` this moment (aware UTC). Call it in the
    transaction of the change, so that there is never one without the other."""
    AuditEntry.objects.create(
        at=at, organisation=organisation, actor_id=actor.id, actor_role=actor.role, verb=verb, thing=str(thing)[:200]
    )


def visible_to(user: User) -> QuerySet[AuditEntry]:
    """The lines of the organisations that the person is an admin of; a coordinator's admin sees every line."""
    if can_anywhere(user, Action.OPERATE):
        return AuditEntry.objects.all()
    led = [m.organisation_id for m in memberships_of(user) if Action.MEMBERS in actions_of(m)]
    return AuditEntry.objects.filter(organisation__in=led)


def names_of(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """The names of those who still have a login, by their opaque id; one query."""
    ids = {entry.actor_id for entry in entries if entry.actor_id}
    return {str(pk): name for pk, name in User.objects.filter(actor_id__in=ids).values_list("actor_id", "name")}
