"""An index of the texts that go out on X by its API, by which a near-duplicate is found without comparing with all."""

from django.db import models

from scheduler.models.channel import Channel
from scheduler.models.item import ScheduledItem


class SimilarText(models.Model):
    """What an item says, made plain for comparing (scheduler/services/similar.py). The order of the rows is the order
    in which texts were planned: a later one gives way to an earlier one."""

    item = models.OneToOneField(ScheduledItem, models.CASCADE, related_name="similar_text")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    words = models.TextField()

    def __str__(self) -> str:
        return self.words[:60]


class SimilarBand(models.Model):
    """One band of a text's signature: texts that share a key are worth comparing."""

    text = models.ForeignKey(SimilarText, models.CASCADE, related_name="bands")
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["key", "text"], name="similar_band_key")]

    def __str__(self) -> str:
        return str(self.key)
