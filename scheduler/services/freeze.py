"""Freezing: the exact text and pictures that every try, every repeat and every read-back use."""

import hashlib
import json
from functools import partial
from typing import Any

from django.db import transaction

from campaign.models import Visual
from campaign.services.merge import has_stand_in
from campaign.services.render import Rendering, Words, read_picture, render, values_for
from networks.content import Mention, Picture
from networks.content import Segment as Part
from scheduler import clock
from scheduler.models import ScheduledItem, Segment
from scheduler.services.change import has_attempts


def freeze(item: ScheduledItem) -> Rendering | None:
    """Renders the item and stores its segments. Once a try exists nothing is touched, and None is returned."""
    if has_attempts(item):
        return None
    now = clock.now()
    network = item.channel.rules
    values = values_for(item.post, item.channel.organisation, network, now.date(), now)
    rendering = render(Words.of(item.revision), item.post, network, values)
    if not rendering.errors and not waits_for_a_link(rendering):
        _store(item, rendering)
    return rendering


def waits_for_a_link(rendering: Rendering) -> bool:
    """Whether a link that was open at the claim is closed again."""
    return any(has_stand_in(segment.text) for segment in rendering.segments)


def _store(item: ScheduledItem, rendering: Rendering) -> None:
    """Keeps a segment that is the same as before, so that what was prepared for it is not done twice."""
    names = {visual.digest: visual.file.name for visual in Visual.objects.filter(post=item.post_id)}
    with transaction.atomic():
        for part in rendering.segments:
            columns = _columns(part, names)
            segment, made = Segment.objects.get_or_create(item=item, position=part.position, defaults=columns)
            if not made and segment.digest != columns["digest"]:
                Segment.objects.filter(pk=segment.pk).update(**columns, prepared={}, repeat_key="", prepare_tries=0)
        item.segments.filter(position__gte=len(rendering.segments)).delete()


def _columns(part: Part, names: dict[str, str | None]) -> dict[str, Any]:
    pictures = [
        {
            "digest": picture.digest, "alt": picture.alt, "name": names[picture.digest], "width": picture.width,
            "height": picture.height, "size": picture.size, "content_type": picture.content_type,
        }
        for picture in part.pictures
    ]  # fmt: skip
    mentions = [{"handle": mention.handle, "remote_id": mention.remote_id} for mention in part.mentions]
    said = json.dumps([part.text, part.language, [[p["digest"], p["alt"]] for p in pictures]], ensure_ascii=False)
    return {
        "text": part.text, "pictures": pictures, "mentions": mentions,
        "digest": hashlib.sha256(said.encode()).hexdigest(), "frozen_at": clock.now(),
    }  # fmt: skip


def part_of(segment: Segment, of: int) -> Part:
    """The stored segment as an adapter takes it."""
    pictures = tuple(
        Picture(
            digest=p["digest"], content_type=p["content_type"], width=p["width"], height=p["height"], size=p["size"],
            alt=p["alt"], read=partial(read_picture, p["name"]),
        )
        for p in segment.pictures
    )  # fmt: skip
    return Part(
        text=segment.text, language=segment.item.language, pictures=pictures,
        mentions=tuple(Mention(**mention) for mention in segment.mentions), position=segment.position, of=of,
    )  # fmt: skip
