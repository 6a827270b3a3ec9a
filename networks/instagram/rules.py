"""Instagram (professional accounts): rules."""

from networks.base import Limits
from networks.checks import spoils
from networks.content import Finding, Segment
from networks.instagram.shapes import TYPES, shape_findings
from networks.meta.findings import warning_not_shown
from networks.meta.version import GRAPH
from networks.rules import Rules
from networks.text import find_links, utf16_units
from networks.words import _


class Instagram(Rules):
    """A caption under one to ten pictures; links in it are plain text."""

    slug = "instagram"
    name = "Instagram"
    icon = "instagram"
    adapter = "networks.instagram.adapter:InstagramAdapter"
    connector = "networks.instagram.connector:InstagramConnector"
    api_version = GRAPH
    fetches_pictures = True
    limits = Limits(
        text=2200,
        unit=_("characters"),
        source=(
            "Instagram Platform, reference of IG User/media: 2,200 characters, 30 hashtags, 20 @, JPEG, 8 MB, 4:5 to "
            "1.91:1, carousel of 10, read 2026-11-23. PNG is sent as JPEG. Alt text: no limit read, 1,000 is our own."
        ),
        pictures=10,
        picture_bytes=8_000_000,
        picture_types=TYPES,
        picture_required=True,
        picture_ratio=(0.8, 1.91),
        alt=1000,
        hashtags=30,
        mentions=20,
    )

    def measure(self, text: str) -> int:
        return utf16_units(text)

    def check(self, segment: Segment) -> list[Finding]:
        """As everywhere, but for types and shapes: most of those are made over (networks/instagram/shapes.py)."""
        common = [one for one in super().check(segment) if one.code not in ("picture-type", "picture-ratio")]
        shapes = shape_findings(segment.pictures)
        return [*common, *shapes, *self._dead_links(segment.text), *warning_not_shown(self.name, segment)]

    def _dead_links(self, text: str) -> list[Finding]:
        links = find_links(text)
        if not links:
            return []
        told = ", ".join(link.text for link in links)
        message = f"Nobody can click a link in a caption on Instagram; this text has {len(links)} ({told})."
        return [spoils("link-not-clickable", message)]

    def composer_url(self, text: str) -> str:
        """The website, where a person begins a post by hand; it can be filled in by no address (read 2026-11-23)."""
        return "https://www.instagram.com/"
