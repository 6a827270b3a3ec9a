"""The segments of an item, in order."""

from django.db.models import BigAutoField

from campaign.statements import Given, Question
from scheduler.models import ScheduledItem, Segment

SEGMENTS = Question[Segment](lambda: Segment.objects.filter(item=Given("item", BigAutoField())).order_by("position"))


def segments_of(item: ScheduledItem) -> list[Segment]:
    """All of them as they are now, each knowing this very `item`."""
    segments = SEGMENTS.objects(item=item.pk)
    for segment in segments:
        segment.item = item
    return segments
