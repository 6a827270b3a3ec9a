"""A user in an organisation, with a role there."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_noop as _

from accounts.models.organisation import Organisation


class Role(models.TextChoices):
    """What a member is. What a role may do stands in accounts/permissions.py and nowhere else."""

    VIEWER = "viewer", _("Viewer")
    TRANSLATOR = "translator", _("Translator")
    EDITOR = "editor", _("Editor")
    ADMIN = "admin", _("Admin")


class Membership(models.Model):
    """One role a user has in one organisation."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_per_organisation"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation}"
