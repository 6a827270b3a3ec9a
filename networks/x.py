"""X: rules."""

from networks.base import Limits
from networks.rules import Rules, filled
from networks.text import x_weight


class X(Rules):
    """Counts by weight; longer texts become a thread of replies."""

    slug = "x"
    name = "X"
    icon = "twitter-x"
    limits = Limits(
        text=280,
        unit="weighted characters",
        source=(
            "docs.x.com, Counting characters; Media best practices, read 2026-11-23. "
            "Alt text of 1,000: X Help Center, not confirmed by the API's documents."
        ),
        pictures=4,
        picture_bytes=5_000_000,
        # A GIF goes alone and by another road (tweet_gif); our pictures are still.
        picture_types=("image/jpeg", "image/png", "image/webp"),
        alt=1000,
        thread=True,
    )

    def measure(self, text: str) -> int:
        return x_weight(text)

    def composer_url(self, text: str) -> str:
        return filled("https://x.com/intent/post?text=", text)
