"""Mastodon's rules: the defaults, and the same with what an instance says of itself."""

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Self

from networks.base import Limits
from networks.content import Json
from networks.rules import Rules, filled
from networks.text import graphemes, mastodon_length
from networks.words import _

PICTURE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")


class Mastodon(Rules):
    """Counts graphemes; every link is 23 long, and of a handle only the part before its server counts."""

    slug = "mastodon"
    name = "Mastodon"
    icon = "mastodon"
    adapter = "networks.mastodon:MastodonAdapter"
    connector = "networks.mastodon:MastodonConnector"
    limits = Limits(
        text=500,
        unit=_("characters, a link as 23"),
        source=(
            "docs.joinmastodon.org, Instance entity, configuration: the defaults of 4.x, read 2026-11-23; "
            "an instance may set others."
        ),
        pictures=4,
        picture_bytes=16_000_000,
        picture_types=PICTURE_TYPES,
        alt=1500,
        thread=True,
        warning=True,
    )
    link = 23
    """How long every link is."""

    def measure(self, text: str) -> int:
        return mastodon_length(text, self.link)

    def warning_length(self, warning: str) -> int:
        """All of it: the server counts `spoiler_text` and text together (StatusLengthValidator of Mastodon 4.6, read
        2026-11-24)."""
        return graphemes(warning)

    def with_limits(self, told: Mapping[str, Json]) -> Self:
        """The rules of one instance; `told` is what `networks.mastodon.instance.limits_of` made of its answer."""
        if not told:
            return self
        own = copy.copy(self)
        own.link = told.get("link", self.link)
        named = {name: told[name] for name in ("text", "pictures", "picture_bytes", "alt") if name in told}
        types = tuple(told.get("picture_types", self.limits.picture_types))
        source = f"{told.get('host', 'the instance')}, its own configuration, read {told.get('read', 'today')}"
        unit = f"characters, a link as {own.link}"
        own.limits = replace(self.limits, **named, picture_types=types, unit=unit, source=source)
        return own

    def composer_url(self, text: str) -> str:
        """The official share page, which asks for one's own instance.

        From blog.joinmastodon.org, A new share button (March 2026), read 2026-11-24. The text stands behind `#`, so
        that it never reaches that page's server.
        """
        return filled("https://share.joinmastodon.org/#text=", text)
