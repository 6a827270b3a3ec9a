"""The drill's two looks into a running demo, as a process in its environment: `python -m tests.demo.drill plan|stand`.

`plan N` plans N items on the wall, due in a moment; `stand` prints how each item on the wall stands, as JSON.
"""

import json
import sys
from datetime import timedelta
from itertools import product

import django


def plan(count: int) -> None:
    """Plans `count` items, spread over all channels on the wall, and prints their ids."""
    from accounts.actors import CHORUS
    from campaign.models import Post
    from scheduler import clock
    from scheduler.models import Channel, Transport
    from scheduler.services.errors import ScheduleError
    from scheduler.services.schedule import Wish, schedule

    planned: list[int] = []
    posts = list(Post.objects.exclude(number=1).order_by("number"))  # post 1 waits for a link
    channels = list(Channel.objects.filter(transport=Transport.WALL).select_related("organisation").order_by("pk"))
    for post, channel in product(posts, channels):
        if len(planned) == count:
            break
        soon = (clock.now() + timedelta(seconds=2)).astimezone(channel.organisation.zone).replace(tzinfo=None)
        try:
            planned.append(schedule(Wish(post, channel, "en", soon, "For the drill."), CHORUS).pk)
        except ScheduleError:
            continue  # the sample has planned this one already
    sys.stdout.write(json.dumps(planned))


def stand() -> None:
    """Prints each item's state, account and frozen texts by its id."""
    from accounts.crypto import decrypt
    from scheduler.models import ScheduledItem, Transport

    items = ScheduledItem.objects.filter(channel__transport=Transport.WALL).select_related("channel")
    told = {
        item.pk: {
            "state": item.state,
            "network": item.channel.network,
            "account": decrypt(item.channel.credentials)["account"],
            "texts": [segment.text for segment in item.segments.all()],
        }
        for item in items.prefetch_related("segments")
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    django.setup()
    plan(int(sys.argv[2])) if sys.argv[1] == "plan" else stand()
