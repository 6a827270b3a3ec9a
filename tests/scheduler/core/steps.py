"""What the core's tests do again and again."""

from datetime import datetime, timedelta

from accounts.actors import CHORUS
from accounts.crypto import decrypt, encrypt
from scheduler import clock
from scheduler.models import Channel, ScheduledItem
from scheduler.services.publish import drain
from scheduler.services.schedule import Wish, schedule
from tests.factories import World
from tests.networks.fakes.mastodon import ACCOUNT_ID, FakeMastodon
from tests.wall_process import Wall


def planned(world: World, *, language: str = "en", occurrence: int = 1) -> ScheduledItem:
    """The world's post, planned through the front door, and due now."""
    wall_time = (clock.now() + timedelta(minutes=1)).astimezone(world.organisation.zone)
    wish = Wish(world.post, world.channel, language, wall_time.replace(tzinfo=None), occurrence=occurrence)
    item = schedule(wish, CHORUS)
    make_due(item)
    return item


def make_due(item: ScheduledItem, at: datetime | None = None) -> None:
    """Brings the item's moment to now, as if the time had passed."""
    moment = at or clock.now() - timedelta(seconds=1)
    ScheduledItem.objects.filter(pk=item.pk).update(due_at=moment, next_try_at=moment)
    type(item.channel).objects.filter(pk=item.channel_id).update(next_due=moment, last_claimed_at=None)
    item.refresh_from_db()


def published(item: ScheduledItem) -> ScheduledItem:
    """The item after the hands have worked."""
    drain(20)
    item.refresh_from_db()
    return item


def on_the_wall(wall: Wall, world: World) -> list[str]:
    """The texts that stand on the wall for the world's channel, oldest first."""
    account = decrypt(world.channel.credentials)["account"]
    return [post["text"] for post in wall.posts() if post["account"] == account]


def on_mastodon(world: World, server: FakeMastodon) -> World:
    """The world with its channel connected to an account of the local server."""
    own = {"access_token": server.new_token(), "account_id": ACCOUNT_ID, "version": "4.4.3", "keeps_keys": "yes"}
    Channel.objects.filter(pk=world.channel.pk).update(
        credentials=encrypt(own), remote_id=f"{ACCOUNT_ID}@{world.channel.pk}"
    )
    world.channel.refresh_from_db()
    return world
