"""The content warning is frozen with its text: every try, every repeat and every read-back uses the same."""

import pytest

from scheduler.models import Segment
from scheduler.services.freeze import freeze, part_of
from scheduler.services.gate_facts import Facts
from tests import factories

pytestmark = pytest.mark.django_db


def frozen(network: str, warning: str) -> Segment:
    """The one segment of an item whose words carry the warning."""
    world = factories.make_world(network)
    world.source.words.warning = warning
    world.source.words.save()
    item = factories.item(world.post, world.channel)
    freeze(item, Facts.of(item.pk))
    return item.segments.get()


def test_the_frozen_segment_carries_the_warning_to_the_adapter():
    segment = frozen("mastodon", "violence")
    assert (segment.warning, part_of(segment, 1).warning) == ("violence", "violence")


def test_a_network_without_a_field_for_it_gets_none():
    assert part_of(frozen("x", "violence"), 1).warning == ""


def test_another_warning_is_another_digest():
    world = factories.make_world("mastodon")
    item = factories.item(world.post, world.channel)
    freeze(item, Facts.of(item.pk))
    before = item.segments.get()
    item.revision.warning = "violence"
    item.revision.save(update_fields=["warning"])
    freeze(item, Facts.of(item.pk))
    after = item.segments.get()
    assert (after.pk, after.text) == (before.pk, before.text)
    assert after.digest != before.digest
