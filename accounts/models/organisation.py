"""An organisation: the coordinator of campaigns, or a member that takes part."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models


def validate_time_zone(name: str) -> None:
    """Raises ValidationError unless `name` is an IANA zone that this machine knows."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is not a time zone. Use a name such as Europe/Helsinki.")


class Organisation(models.Model):
    """Country is ISO 3166-1 alpha-2, languages are BCP 47, the time zone an IANA name."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    languages = models.JSONField(default=list)
    time_zone = models.CharField(max_length=64, validators=[validate_time_zone])
    is_coordinator = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone people here think in."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def city(self) -> str:
        """The place that stands beside every time («10:00 Helsinki»)."""
        return self.time_zone.rpartition("/")[2].replace("_", " ")

    @property
    def language(self) -> str:
        """The language this organisation posts in unless it says otherwise."""
        return str(self.languages[0]) if self.languages else "en"
