"""A network that an admin has paused for everybody."""

from django.db import models


class NetworkSwitch(models.Model):
    """A row exists only for a network that somebody has touched; no row means running."""

    network = models.CharField(max_length=20, unique=True)
    paused = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.network}: {'paused' if self.paused else 'running'}"
