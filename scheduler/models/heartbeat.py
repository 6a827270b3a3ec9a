"""Signs of life, one row for each kind of hand."""

from django.db import models


class Heartbeat(models.Model):
    """`beat_at` is when a message of this name last went all the way through beat, broker and a worker."""

    name = models.CharField(max_length=40, unique=True)
    beat_at = models.DateTimeField()
    host = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at:%H:%M:%S}"
