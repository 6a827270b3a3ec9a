"""Fills an installation: `python -m tests.server.world WALL_URL CHANNELS POSTS` plans every post on every channel,
through the front door, and makes all of them due. Run with the installation's environment."""

import os
import sys
from datetime import timedelta
from itertools import count

import django


def fill(wall: str, channels: int, posts: int) -> int:
    """Returns how many items are due."""
    from accounts.actors import CHORUS
    from accounts.models import Organisation
    from campaign.models import Post
    from scheduler import clock
    from scheduler.models import Channel, ScheduledItem
    from scheduler.services.schedule import Wish, schedule
    from tests import factories

    factories._numbers = count(1 + 1000 * Organisation.objects.count())  # a second filling makes other names
    world = factories.make_world(base_url=wall)
    campaign, own = world.campaign, world.organisation
    for number in range(2, posts + 1):
        post = factories.post(campaign)
        factories.translation(post, own, full=f"Post {number}: 116 006 answers in 13 countries.")
    for _ in range(channels - 1):
        factories.channel(own, base_url=wall)
    for post in Post.objects.filter(campaign=campaign):
        for channel in Channel.objects.filter(organisation=own):
            moment = (clock.now() + timedelta(minutes=1)).astimezone(own.zone).replace(tzinfo=None)
            schedule(Wish(post, channel, "en", moment), CHORUS)
    now = clock.now() - timedelta(seconds=1)
    Channel.objects.filter(organisation=own).update(next_due=now)
    return ScheduledItem.objects.filter(campaign=campaign).update(due_at=now, next_try_at=now)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.stdout.write(f"{fill(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))} due\n")
