"""Telegram channels: rules."""

from collections.abc import Iterator
from urllib.parse import quote

from networks.base import Limits
from networks.checks import refuses
from networks.content import Finding, Segment
from networks.rules import LONGEST_ADDRESS, Rules
from networks.text import utf16_units
from networks.words import _

CAPTION = 1024
"""How long the text beside pictures may be (core.telegram.org/bots/api, sendPhoto, Bot API 10.1, read 2026-11-23)."""

SIDES = 10_000
"""Pixels that the width and the height of a photo may have together (the same page)."""


class Telegram(Rules):
    """Counts UTF-16 units: the documents say «characters» and give the places of entities in UTF-16. Where the two
    differ (emoji) ours is the larger number, so that what fits here is never refused there."""

    slug = "telegram"
    name = "Telegram"
    icon = "telegram"
    limits = Limits(
        text=4096,
        unit=_("characters"),
        source=(
            "core.telegram.org/bots/api, sendMessage, sendPhoto, sendMediaGroup, Bot API 10.1, read 2026-11-23. "
            "Telegram has no field for an alt text; 1,000 is our own limit."
        ),
        pictures=10,
        picture_bytes=10_000_000,
        picture_types=("image/jpeg", "image/png"),
        picture_ratio=(0.05, 20.0),
        alt=1000,
    )
    adapter = "networks.telegram.adapter:TelegramAdapter"
    connector = "networks.telegram.connector:TelegramConnector"

    def measure(self, text: str) -> int:
        return utf16_units(text)

    def check(self, segment: Segment) -> list[Finding]:
        return [*super().check(segment), *self._caption(segment), *self._sides(segment)]

    def _caption(self, segment: Segment) -> Iterator[Finding]:
        length = self.measure(segment.text)
        if segment.pictures and CAPTION < length <= self.limits.text:
            yield refuses(
                "caption-too-long",
                f"This text is {length:,} long; beside a picture {self.name} takes {CAPTION:,} at most. Write a shorter "
                f"text for {self.name}, or send it without a picture.",
            )

    def _sides(self, segment: Segment) -> Iterator[Finding]:
        for number, picture in enumerate(segment.pictures, start=1):
            if picture.width + picture.height > SIDES:
                yield refuses(
                    "picture-too-large",
                    f"Picture {number} is {picture.width} × {picture.height}; {self.name} takes {SIDES:,} for both "
                    "sides together.",
                )

    def composer_url(self, text: str) -> str:
        """Telegram's share page; it wants an address of its own, which stays empty. Not confirmed with an account."""
        address = f"https://t.me/share/url?url=&text={quote(text, safe='')}"
        return address if len(address) <= LONGEST_ADDRESS else "https://t.me/share/url?url="
