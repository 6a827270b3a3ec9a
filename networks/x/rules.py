"""X: rules, and what a post by its API costs."""

from datetime import date
from decimal import Decimal

from networks.base import Limits
from networks.prices import Price
from networks.rules import Rules, filled
from networks.text import x_weight
from networks.words import _


class X(Rules):
    """Counts by weight; longer texts become a thread of replies."""

    slug = "x"
    name = "X"
    icon = "twitter-x"
    limits = Limits(
        text=280,
        unit=_("weighted characters"),
        source=(
            "docs.x.com, Counting characters; Media best practices, read 2026-11-23. "
            "Alt text of 1,000: the API's OpenAPI description 2.167, read 2026-11-24."
        ),
        pictures=4,
        picture_bytes=5_000_000,
        # A GIF goes alone and by another road (tweet_gif); our pictures are still.
        picture_types=("image/jpeg", "image/png", "image/webp"),
        alt=1000,
        thread=True,
    )
    adapter = "networks.x.adapter:XAdapter"
    connector = "networks.x.connector:XConnector"
    price = Price(
        post=Decimal("0.015"),
        post_with_link=Decimal("0.200"),
        alt_text=Decimal("0.005"),
        read_post=Decimal("0.005"),
        currency="USD",
        source="docs.x.com/x-api/getting-started/pricing; changelog of 16 April 2026",
        read=date(2026, 11, 23),
    )

    def measure(self, text: str) -> int:
        return x_weight(text)

    def composer_url(self, text: str) -> str:
        return filled("https://x.com/intent/post?text=", text)
