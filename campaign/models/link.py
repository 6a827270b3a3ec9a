"""A named link of a campaign, `{link:statement}` in texts; may be empty or under embargo."""

from datetime import datetime

from django.db import models
from django.db.models.expressions import Combinable

from accounts.models import User
from campaign.models.campaign import Campaign


class LinkQuerySet(models.QuerySet["Link"]):
    """Questions about links."""

    def visible_to(self, user: User) -> "LinkQuerySet":
        """The links of the campaigns the person sees."""
        return self.filter(campaign__in=Campaign.objects.visible_to(user))

    def closed_at(self, now: datetime | Combinable) -> "LinkQuerySet":
        """Those that must not go out at `now` (aware UTC): without an address, or under embargo."""
        return self.filter(models.Q(url="") | models.Q(available_from__gt=now))


class Link(models.Model):
    """`available_from` (UTC) is the end of its embargo; `filled_at` the moment it got its address."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="links")
    slug = models.SlugField()
    title = models.CharField(max_length=160)
    url = models.URLField(max_length=500, blank=True)
    available_from = models.DateTimeField(null=True, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "slug"]
        constraints = [models.UniqueConstraint(fields=["campaign", "slug"], name="link_slug_is_unique")]

    def __str__(self) -> str:
        return self.title

    def is_embargoed(self, now: datetime) -> bool:
        """Whether its day has not come yet at `now` (aware UTC)."""
        return self.available_from is not None and now < self.available_from

    @property
    def open_since(self) -> datetime | None:
        """The moment from which it could go out: filled, and no embargo left. None while that is not known."""
        if not self.url:
            return None
        moments = [moment for moment in (self.available_from, self.filled_at) if moment]
        return max(moments, default=None)
