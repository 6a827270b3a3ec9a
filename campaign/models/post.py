"""One of a campaign's numbered posts. Its words are translations, the source among them."""

from django.db import models

from accounts.models import User
from campaign.models.campaign import Campaign


class PostQuerySet(models.QuerySet["Post"]):
    """Questions about posts."""

    def visible_to(self, user: User) -> "PostQuerySet":
        """The posts of the campaigns the person sees."""
        return self.filter(campaign__in=Campaign.objects.visible_to(user))


class Post(models.Model):
    """A numbered post; the title is for people who work with it and is never sent."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="posts")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="post_number_is_unique")]

    def __str__(self) -> str:
        return f"Post {self.number}: {self.title}"
