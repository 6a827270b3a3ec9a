"""What somebody who tries the sample can plan."""

import pytest
from django.test import Client
from django.urls import reverse

from campaign.models import Post, Visual
from scheduler.models import Channel, ScheduledItem, Transport
from scheduler.services import sample
from scheduler.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(_files_of_its_own: None, db: None) -> None:
    assert sample.load()


def test_a_post_of_the_sample_can_be_planned_on_instagram(officer: Client):
    channel = Channel.objects.get(organisation__slug="vse", network="instagram")
    post = Post.objects.get(number=2)
    wish = {
        "channels": [channel.pk],
        "language": "en",
        "day": "2031-06-02",
        "time": "10:00",
        "accepted": "For the test",
    }
    assert channel.transport == Transport.BY_HAND
    assert officer.post(reverse("schedule_post", args=["vse", post.pk]), wish).status_code == 302
    assert ScheduledItem.objects.get(channel=channel).state in (State.SCHEDULED, State.HELD)


def test_no_picture_of_the_sample_blocks_a_post_on_any_channel(officer: Client):
    blocked = {}
    for post in Post.objects.all():
        cards = officer.get(reverse("schedule_post", args=["vse", post.pk])).context["cards"]
        for card in cards:
            errors = [finding.code for finding in card.preview.rendering.errors]
            if set(errors) & {"picture-type", "picture-ratio", "picture-bytes", "picture-required"}:
                blocked[post.number, card.channel.network] = errors
    assert blocked == {}


def test_every_picture_of_the_sample_is_stored_as_jpeg():
    assert set(Visual.objects.values_list("content_type", flat=True)) == {"image/jpeg"}
