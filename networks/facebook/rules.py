"""Facebook Pages: rules."""

from networks.base import Limits
from networks.content import Finding, Segment
from networks.meta.findings import warning_not_shown
from networks.meta.version import GRAPH
from networks.rules import Rules, filled
from networks.text import find_links, utf16_units
from networks.words import _


class Facebook(Rules):
    """One long text; counted in UTF-16 units, which are never fewer than what the network may count."""

    slug = "facebook"
    name = "Facebook"
    icon = "facebook"
    adapter = "networks.facebook.adapter:FacebookAdapter"
    connector = "networks.facebook.connector:FacebookConnector"
    api_version = GRAPH
    limits = Limits(
        text=63_206,
        unit=_("characters"),
        source=(
            "63,206: the figure other publishing tools use, in no current Graph API document. "
            "10 pictures, 4 MB: Graph API v26.0 and its error 1366046, read 2026-11-23. "
            "Alt text: no documented limit, 1,000 is our own."
        ),
        pictures=10,
        picture_bytes=4_000_000,
        picture_types=("image/jpeg", "image/png"),
        alt=1000,
    )

    def measure(self, text: str) -> int:
        return utf16_units(text)

    def check(self, segment: Segment) -> list[Finding]:
        """As everywhere, but for pictures that are too heavy: those are made smaller (networks/meta/pictures.py)."""
        common = [one for one in super().check(segment) if one.code != "picture-too-large"]
        return [*common, *warning_not_shown(self.name, segment)]

    def composer_url(self, text: str) -> str:
        """The sharer takes a link and ignores a text (read 2026-11-23), so the text must be pasted."""
        links = find_links(text)
        if not links:
            return "https://www.facebook.com/"
        link = links[0].text
        return filled("https://www.facebook.com/sharer/sharer.php?u=", link if "://" in link else f"https://{link}")
