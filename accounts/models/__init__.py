"""Who may do what: users, organisations, memberships, the outbox of mails, and the audit."""

from accounts.models.audit import AuditEntry, AuditVerb
from accounts.models.membership import Membership, Role
from accounts.models.organisation import Organisation
from accounts.models.outbox import OutboxMail
from accounts.models.user import User

__all__ = ["AuditEntry", "AuditVerb", "Membership", "Organisation", "OutboxMail", "Role", "User"]
