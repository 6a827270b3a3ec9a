"""Mastodon: rules, with the values of an instance that changed none of the defaults."""

from networks.base import Limits
from networks.rules import Rules, filled
from networks.text import graphemes, mastodon_length


class Mastodon(Rules):
    """Counts graphemes; every link is 23 long, and of a handle only the part before its server counts."""

    slug = "mastodon"
    name = "Mastodon"
    icon = "mastodon"
    limits = Limits(
        text=500,
        unit="characters, a link as 23",
        source=(
            "docs.joinmastodon.org, Instance entity, configuration: the defaults of 4.x, read 2026-11-23; "
            "an instance may set others."
        ),
        pictures=4,
        picture_bytes=16_000_000,
        picture_types=("image/jpeg", "image/png", "image/gif", "image/webp"),
        alt=1500,
        thread=True,
        warning=True,
    )

    def measure(self, text: str) -> int:
        return mastodon_length(text)

    def warning_length(self, warning: str) -> int:
        """All of it: the server counts `spoiler_text` and text together (StatusLengthValidator of Mastodon, read
        2026-11-24)."""
        return graphemes(warning)

    def composer_url(self, text: str) -> str:
        """The official share page, which asks for one's own instance.

        From blog.joinmastodon.org, A new share button (March 2026), read 2026-11-24. The text stands behind `#`, so
        that it never reaches that page's server.
        """
        return filled("https://share.joinmastodon.org/#text=", text)
