"""One irreversible call of an item: frozen text and pictures, and the network's id once it is out."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from scheduler.models.item import ScheduledItem
from scheduler.states import Outcome

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from scheduler.models.attempt import PublishAttempt


class Segment(models.Model):
    """`pictures` is a list of {digest, alt, name, content_type, width, height, size}. `prepared` is what the adapter
    stored on the way. Once an attempt exists, text, content warning and pictures never change again."""

    item = models.ForeignKey(ScheduledItem, models.CASCADE, related_name="segments")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    warning = models.CharField(max_length=200, blank=True)
    pictures = models.JSONField(default=list)
    mentions = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    prepared = models.JSONField(default=dict)
    prepared_until = models.DateTimeField(null=True, blank=True)
    prepare_tries = models.PositiveSmallIntegerField(default=0)
    repeat_key = models.CharField(max_length=200, blank=True)
    first_sent_at = models.DateTimeField(null=True, blank=True)
    remote_id = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=600, blank=True)
    ref = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        attempts: RelatedManager[PublishAttempt]

    class Meta:
        ordering = ["item", "position"]
        constraints = [models.UniqueConstraint(fields=["item", "position"], name="segment_position_is_unique")]
        indexes = [
            models.Index(fields=["published_at"], condition=Q(published_at__isnull=False), name="segment_published_at")
        ]

    def __str__(self) -> str:
        return f"Part {self.position + 1} of {self.item}"

    @property
    def is_out(self) -> bool:
        """Whether the network (or a person) said that it is there."""
        return self.published_at is not None

    def open_attempts(self) -> "models.QuerySet[PublishAttempt]":
        """Tries that were sent and have no definite end."""
        return self.attempts.filter(Q(outcome="") | Q(outcome=Outcome.UNCLEAR), sent_at__isnull=False)
