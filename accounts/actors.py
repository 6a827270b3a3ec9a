"""Who did something, as the publish log keeps it: an opaque id, a role, an organisation, and no name."""

import uuid
from dataclasses import dataclass

from accounts.models import Organisation, User
from accounts.permissions import memberships_of


@dataclass(frozen=True)
class Actor:
    """`id` is the user's actor_id, empty for Chorus itself."""

    id: uuid.UUID | None
    role: str
    organisation_id: int | None


CHORUS = Actor(id=None, role="chorus", organisation_id=None)


def actor_for(user: User, organisation: Organisation) -> Actor:
    """The user as they act on something of `organisation`: by their membership there, else by their first one."""
    memberships = memberships_of(user)
    fitting = [m for m in memberships if m.organisation_id == organisation.pk] or memberships
    if not fitting:
        return Actor(id=user.actor_id, role="", organisation_id=None)
    return Actor(id=user.actor_id, role=fitting[0].role, organisation_id=fitting[0].organisation_id)
