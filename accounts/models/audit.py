"""The audit: what people changed that is no post, line by line."""

from typing import NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation


class AuditVerb(models.TextChoices):
    """`area:verb`, and what a person reads; %(thing)s is what it was done to. The database takes any verb, so that a
    new one needs no migration."""

    CHANNEL_CONNECTED = "channel:connected", _("Connected %(thing)s.")
    CHANNEL_CONNECTED_AGAIN = "channel:connected_again", _("Connected %(thing)s again.")
    CHANNEL_MOVED_AWAY = "channel:moved_away", _("The account of %(thing)s was connected to another organisation.")
    CHANNEL_DISCONNECTED = "channel:disconnected", _("Disconnected %(thing)s and deleted its credential.")
    CHANNEL_WORKS = "channel:works", _("Checked %(thing)s: it works.")
    CHANNEL_DEAD = "channel:dead", _("Checked %(thing)s: it must be connected again.")


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """The audit is only added to. Who may read which lines stands in accounts/services/audit.py."""

    def update(self, **columns: object) -> NoReturn:
        """Refused. Raises TypeError."""
        raise TypeError("The audit is append-only.")

    def delete(self) -> NoReturn:
        """Refused. Raises TypeError."""
        raise TypeError("The audit is append-only.")


class AuditEntry(models.Model):
    """One line. Like the publish log it keeps an opaque id, and the page joins the name; `thing` is what it was called
    then. accounts/services/audit.py is the only writer."""

    at = models.DateTimeField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    actor_id = models.UUIDField(null=True, blank=True)
    actor_role = models.CharField(max_length=12, blank=True)
    verb = models.CharField(max_length=40)
    thing = models.CharField(max_length=200)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organisation", "-id"], name="audit_organisation")]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """What was done, in a sentence. A verb that has none is shown as it is."""
        if self.verb not in AuditVerb.values:
            return f"{self.verb} {self.thing}"
        return str(AuditVerb(self.verb).label) % {"thing": self.thing}
