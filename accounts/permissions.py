"""Who may do what: one table, asked by every view and template."""

from enum import StrEnum

from accounts.models import Membership, Organisation, Role, User


class Action(StrEnum):
    """What can be allowed. The coordinator's own rows are the last five."""

    READ = "read"
    TRANSLATE = "translate"
    APPROVE = "approve"
    SCHEDULE = "schedule"  # and move, cancel, publish now, mark as posted, settle
    CHANNELS = "channels"
    MEMBERS = "members"
    EDIT_CAMPAIGN = "edit_campaign"
    READ_EVERYWHERE = "read_everywhere"
    PAUSE_CAMPAIGN = "pause_campaign"
    SETTLE_EVERYWHERE = "settle_everywhere"
    OPERATE = "operate"


_VIEWER = frozenset({Action.READ})
_TRANSLATOR = _VIEWER | {Action.TRANSLATE}
_EDITOR = _TRANSLATOR | {Action.APPROVE, Action.SCHEDULE, Action.CHANNELS}
_ADMIN = _EDITOR | {Action.MEMBERS}

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.VIEWER: _VIEWER,
    Role.TRANSLATOR: _TRANSLATOR,
    Role.EDITOR: _EDITOR,
    Role.ADMIN: _ADMIN,
}
COORDINATORS_TOO: dict[Role, frozenset[Action]] = {
    Role.VIEWER: frozenset(),
    Role.TRANSLATOR: frozenset(),
    Role.EDITOR: frozenset({Action.EDIT_CAMPAIGN, Action.READ_EVERYWHERE, Action.PAUSE_CAMPAIGN}),
    Role.ADMIN: frozenset(
        {
            Action.EDIT_CAMPAIGN,
            Action.READ_EVERYWHERE,
            Action.PAUSE_CAMPAIGN,
            Action.SETTLE_EVERYWHERE,
            Action.OPERATE,
        }
    ),
}


def actions_of(membership: Membership) -> frozenset[Action]:
    """Everything this membership allows in its own organisation."""
    role = Role(membership.role)
    return ALLOWED[role] | (COORDINATORS_TOO[role] if membership.organisation.is_coordinator else frozenset())


def memberships_of(user: User) -> list[Membership]:
    """The user's memberships with their organisations, read once for each user object (so, once a request)."""
    cached: list[Membership] | None = getattr(user, "_memberships", None)
    if cached is None:
        cached = list(
            Membership.objects.filter(user=user).select_related("organisation").order_by("organisation__name")
        )
        user._memberships = cached  # type: ignore[attr-defined]  # a cache that lives as long as the request's user
    return cached


def can(user: User, action: Action, organisation: Organisation) -> bool:
    """Whether `user` may do `action` in `organisation` by a membership there."""
    return any(m.organisation_id == organisation.pk and action in actions_of(m) for m in memberships_of(user))


def can_settle(user: User, organisation: Organisation) -> bool:
    """Settling: whoever schedules for the organisation, and a coordinator's admin anywhere."""
    return can(user, Action.SCHEDULE, organisation) or can_anywhere(user, Action.SETTLE_EVERYWHERE)


def can_anywhere(user: User, action: Action) -> bool:
    """Whether any of the user's memberships allows `action` (for what belongs to the whole installation)."""
    return any(action in actions_of(m) for m in memberships_of(user))


def coordinated(user: User) -> list[Organisation]:
    """The coordinating organisations in which `user` may read what every participant does."""
    return [m.organisation for m in memberships_of(user) if Action.READ_EVERYWHERE in actions_of(m)]
