"""Freezing: the exact text and pictures that every try, every repeat and every read-back use."""

import hashlib
import json
from contextlib import nullcontext
from functools import partial
from typing import Any

from django.db import transaction

from campaign import statements
from campaign.models import Campaign, Post, Visual
from campaign.services.merge import has_stand_in
from campaign.services.public_pictures import public_url_of
from campaign.services.render import Rendering, Words, read_picture, render, values_for
from campaign.statements import changed
from networks.content import Mention, Picture
from networks.content import Segment as Part
from scheduler import clock
from scheduler.models import ScheduledItem, Segment
from scheduler.services import x_guard
from scheduler.services.change import has_attempts
from scheduler.services.gate_facts import Facts
from scheduler.services.segments import segments_of


def freeze(item: ScheduledItem, facts: Facts) -> tuple[Rendering | None, list[Segment]]:
    """Renders the item and stores its segments, which are returned in order. Once a try exists nothing is touched, and
    there is no rendering."""
    known = [] if item.fence == 1 else segments_of(item)  # segments are made under a claim, and that is the first
    if known and has_attempts(item):
        return None, known
    now = clock.now()
    network = item.channel.rules
    post = Post(pk=item.post_id, campaign=Campaign(pk=item.campaign_id, hashtags=facts.hashtags))
    words = Words(facts.full, facts.short, facts.variants, item.language, facts.alts, facts.warning)
    values = values_for(words, post, item.channel.organisation_id, network, now.date(), now, facts.links)
    rendering = render(
        words, post, network, x_guard.values_on(item.channel, values), None if facts.has_pictures else []
    )
    rendering = x_guard.with_findings(item.channel, words, rendering)
    if rendering.errors or waits_for_a_link(rendering):
        return rendering, []
    segments = _store(item, rendering, known)
    x_guard.remember(item, rendering)
    return rendering, segments


def waits_for_a_link(rendering: Rendering) -> bool:
    """Whether a link that was open at the claim is closed again."""
    return any(has_stand_in(segment.text) for segment in rendering.segments)


def _store(item: ScheduledItem, rendering: Rendering, known: list[Segment]) -> list[Segment]:
    """Keeps a segment that is the same as before, so that what was prepared for it is not done twice."""
    names = _names_of_files(item) if any(part.pictures for part in rendering.segments) else {}
    kept = {segment.position: segment for segment in known}
    # One statement is a transaction by itself.
    with transaction.atomic() if kept or len(rendering.segments) > 1 else nullcontext():
        stored = [
            _stored(item, part.position, _columns(part, names), kept.pop(part.position, None))
            for part in rendering.segments
        ]
        if kept:
            item.segments.filter(position__in=kept).delete()
    return stored


def _stored(item: ScheduledItem, position: int, columns: dict[str, Any], known: Segment | None) -> Segment:
    if known is None:
        known = Segment(item=item, position=position, **columns)
        statements.insert(known)
    elif known.digest != columns["digest"]:
        columns |= {"prepared": {}, "repeat_key": "", "prepare_tries": 0}
        for name, value in columns.items():
            setattr(known, name, value)
        statements.update(changed(known, *columns))
    return known


def _names_of_files(item: ScheduledItem) -> dict[str, str | None]:
    return {visual.digest: visual.file.name for visual in Visual.objects.filter(post=item.post_id)}


def _columns(part: Part, names: dict[str, str | None]) -> dict[str, Any]:
    pictures = [
        {
            "digest": picture.digest, "alt": picture.alt, "name": names[picture.digest], "width": picture.width,
            "height": picture.height, "size": picture.size, "content_type": picture.content_type,
        }
        for picture in part.pictures
    ]  # fmt: skip
    mentions = [{"handle": mention.handle, "remote_id": mention.remote_id} for mention in part.mentions]
    shown = [[p["digest"], p["alt"]] for p in pictures]
    said = json.dumps([part.text, part.language, shown, part.warning], ensure_ascii=False)
    return {
        "text": part.text, "warning": part.warning, "pictures": pictures, "mentions": mentions,
        "digest": hashlib.sha256(said.encode()).hexdigest(), "frozen_at": clock.now(),
    }  # fmt: skip


def part_of(segment: Segment, of: int) -> Part:
    """The stored segment as an adapter takes it."""
    pictures = tuple(
        Picture(
            digest=p["digest"], content_type=p["content_type"], width=p["width"], height=p["height"], size=p["size"],
            alt=p["alt"], read=partial(read_picture, p["name"]),
            public_url=public_url_of(p["name"], segment.item.channel.base_url),
        )
        for p in segment.pictures
    )  # fmt: skip
    return Part(
        text=segment.text, language=segment.item.language, pictures=pictures,
        mentions=tuple(Mention(**mention) for mention in segment.mentions), position=segment.position, of=of,
        warning=segment.warning,
    )  # fmt: skip
