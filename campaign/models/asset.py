"""Something to hand out with a campaign: a statement, a position paper."""

from django.db import models

from campaign.models.campaign import Campaign


class Asset(models.Model):
    """A titled address; empty while it is not out yet."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="assets")
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["campaign", "position"]
        constraints = [models.UniqueConstraint(fields=["campaign", "title"], name="asset_title_is_unique")]

    def __str__(self) -> str:
        return self.title
