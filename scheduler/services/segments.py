"""The segments of an item, in order."""

from django.db.models import BigAutoField

from campaign.statements import Changed, Given, Question
from scheduler.models import ScheduledItem, Segment

SEGMENTS = Question[Segment](lambda: Segment.objects.filter(item=Given("item", BigAutoField())).order_by("position"))


def segments_of(item: ScheduledItem, *along: Changed) -> list[Segment]:
    """All of them as they are now, each knowing this very `item`. `along`: what is written on the same way."""
    segments = SEGMENTS.objects(*along, item=item.pk)
    for segment in segments:
        segment.item = item
    return segments
