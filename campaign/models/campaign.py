"""A campaign and who takes part in it."""

from django.db import models

from accounts.models import Organisation, User
from accounts.permissions import coordinated, memberships_of


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Questions about campaigns."""

    def visible_to(self, user: User) -> "CampaignQuerySet":
        """Those a person's organisations run or take part in."""
        own = [m.organisation_id for m in memberships_of(user)]
        return self.filter(models.Q(organiser__in=own) | models.Q(participation__organisation__in=own)).distinct()

    def coordinated_by(self, user: User) -> "CampaignQuerySet":
        """Those of the organisations in which the person may read what every participant does."""
        return self.filter(organiser__in=coordinated(user))

    def of(self, organisation: Organisation) -> "CampaignQuerySet":
        """Those the organisation runs or takes part in."""
        return self.filter(
            models.Q(organiser=organisation) | models.Q(participation__organisation=organisation)
        ).distinct()


class Campaign(models.Model):
    """What is to be said and when; `hashtags` are the ones `{hashtags}` stands for, `related_hashtags` are offered.
    `summary` says what it is about and `asks` what those who take part are asked to do, in the source language."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=160)
    organiser = models.ForeignKey(Organisation, models.PROTECT, related_name="campaigns")
    source_language = models.CharField(max_length=12, default="en")
    page_url = models.URLField(max_length=500, blank=True)
    contact = models.EmailField(blank=True)
    slogan = models.CharField(max_length=160, blank=True)
    summary = models.TextField(blank=True)
    asks = models.JSONField(default=list, blank=True)
    hashtags = models.JSONField(default=list)
    related_hashtags = models.JSONField(default=list, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    grace_minutes = models.PositiveIntegerField(
        default=360, help_text="How late a post may still go out, in minutes, after its time."
    )
    paused = models.BooleanField(default=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="campaign_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.title


def campaigns_of(organisation: Organisation) -> list[Campaign]:
    """Those the organisation runs or takes part in with who runs them, the newest first; read once for each
    organisation object (so, once a request: the frame and the page ask for the same)."""
    cached: list[Campaign] | None = getattr(organisation, "_campaigns", None)
    if cached is None:
        cached = list(Campaign.objects.of(organisation).select_related("organiser"))
        organisation._campaigns = cached  # type: ignore[attr-defined]  # a cache that lives as long as the request's user
    return cached


class Participation(models.Model):
    """An organisation takes part in a campaign."""

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "organisation"], name="one_participation")]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.campaign}"
