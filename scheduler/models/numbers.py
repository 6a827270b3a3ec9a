"""What a network counts of a post: likes, shares, replies, views."""

from django.db import models
from django.db.models import Q

from scheduler.models.segment import Segment


class SegmentNumbers(models.Model):
    """As of `read_at`; empty where the network does not tell. `next_read_at` is empty once nothing is read any more,
    `code` says why the last reading gave nothing."""

    segment = models.OneToOneField(Segment, models.CASCADE, related_name="numbers")
    likes = models.PositiveBigIntegerField(null=True, blank=True)
    shares = models.PositiveBigIntegerField(null=True, blank=True)
    replies = models.PositiveBigIntegerField(null=True, blank=True)
    views = models.PositiveBigIntegerField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    next_read_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_read_at"], condition=Q(next_read_at__isnull=False), name="numbers_next_reading")
        ]

    def __str__(self) -> str:
        return f"Numbers of {self.segment}"
