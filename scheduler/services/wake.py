"""The tick: how many hands to wake."""

from django.conf import settings

from scheduler import clock
from scheduler.models import Channel, Heartbeat
from scheduler.services.worker import this_worker


def hands_to_wake() -> int:
    """As many as there are due channels, at most the free hands. The cost does not grow with what is planned."""
    free = settings.PUBLISH_HANDS - Channel.objects.filter(busy_item__isnull=False).count()
    if free <= 0:
        return 0
    return len(Channel.objects.due().values_list("pk", flat=True)[:free])


def beat(name: str) -> None:
    """Writes that a message of this queue went all the way through."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": clock.now(), "host": this_worker().host})
