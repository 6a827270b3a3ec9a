"""The sample's logins, for a demo in which one chooses whom to be."""

from dataclasses import dataclass

from django.conf import settings

from accounts.models import Membership, User

RESERVED = ".example"
"""Nobody's address can end like this (RFC 2606, section 2), so it is surely the sample's own."""


@dataclass(frozen=True)
class DemoLogin:
    """A button on the sign-in page; `label` is a role, `organisation` a name."""

    email: str
    label: str
    organisation: str


def demo_logins() -> list[DemoLogin]:
    """The sample's logins in the order of its files; none unless this is a demo."""
    if not settings.DEMO:
        return []
    members = Membership.objects.filter(user__email__endswith=RESERVED, user__is_active=True)
    rows = members.select_related("user", "organisation").order_by("pk")
    return [
        DemoLogin(row.user.email, str(row.user), row.organisation.name)
        for row in rows
        if not row.user.has_usable_password()
    ]


def demo_user(email: str) -> User | None:
    """The user behind one of those buttons, or None."""
    offered = email in {login.email for login in demo_logins()}
    return User.objects.get(email=email) if offered else None
