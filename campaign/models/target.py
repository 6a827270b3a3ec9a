"""Whom a campaign wants to reach: an institution or office-holder, with a handle per network."""

from datetime import date

from django.db import models

from accounts.models import Organisation
from campaign.models.campaign import Campaign


class Target(models.Model):
    """Campaign-wide, or one organisation's own (a national ministry)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="targets")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True)
    name = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["campaign", "position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organisation", "name"], name="target_name_is_unique", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class TargetHandleQuerySet(models.QuerySet["TargetHandle"]):
    """Questions about handles."""

    def valid_on(self, day: date | models.Expression) -> "TargetHandleQuerySet":
        """Those in office on `day`."""
        return self.filter(
            models.Q(valid_from=None) | models.Q(valid_from__lte=day),
            models.Q(valid_until=None) | models.Q(valid_until__gte=day),
        )


class TargetHandle(models.Model):
    """One handle on one network, from and until a day (both inclusive, both optional)."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="handles")
    network = models.CharField(max_length=20)
    handle = models.CharField(max_length=160)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    objects = TargetHandleQuerySet.as_manager()

    class Meta:
        ordering = ["target__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["target", "network", "handle"], name="handle_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.handle} ({self.network})"
