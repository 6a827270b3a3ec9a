"""Who may do what: users, organisations, memberships, and the outbox of mails."""

from accounts.models.membership import Membership, Role
from accounts.models.organisation import Organisation
from accounts.models.outbox import OutboxMail
from accounts.models.user import User

__all__ = ["Membership", "Organisation", "OutboxMail", "Role", "User"]
