"""Bluesky's rules."""

from networks.base import Limits
from networks.rules import Rules, filled
from networks.text import graphemes
from networks.words import _


class Bluesky(Rules):
    """Counts graphemes and, apart from them, bytes; links count in full; longer texts become a thread of replies."""

    slug = "bluesky"
    name = "Bluesky"
    icon = "bluesky"
    adapter = "networks.bluesky:BlueskyAdapter"
    connector = "networks.bluesky:BlueskyConnector"
    limits = Limits(
        text=300,
        text_bytes=3000,
        unit=_("characters"),
        source=(
            "Lexicons app.bsky.feed.post and app.bsky.embed.images (bluesky-social/atproto, 2026-08-20), read "
            "2026-11-23; enforced by the PDS 0.5.35, tried 2026-11-24. Alt text: what Bluesky's own app takes."
        ),
        pictures=4,
        picture_bytes=2_000_000,
        picture_types=("image/jpeg", "image/png", "image/webp"),
        alt=2000,
        thread=True,
    )

    def measure(self, text: str) -> int:
        return graphemes(text)

    def composer_url(self, text: str) -> str:
        return filled("https://bsky.app/intent/compose?text=", text)
