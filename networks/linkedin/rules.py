"""LinkedIn organisation pages: rules."""

from datetime import date

from networks.base import ApiVersion, Limits
from networks.checks import refuses
from networks.content import Finding, Mention, Segment
from networks.linkedin.little import little
from networks.rules import Rules, filled
from networks.text import utf16_units
from networks.versions import chosen
from networks.words import _

NEWEST_READ = ApiVersion(
    version="202607",
    ends=date(2027, 7, 15),
    source=(
        "LinkedIn docs, Versioning: a version lives 12 months at least, 202601 until 2027-01-15, 202603 until "
        "2027-03-16, read 2026-11-23. The day for 202607 is the earliest by that rule, not announced yet."
    ),
)


class LinkedIn(Rules):
    """The text may be 3,000 long, and so may the text with the backslashes that it travels with."""

    slug = "linkedin"
    name = "LinkedIn"
    icon = "linkedin"
    limits = Limits(
        text=3000,
        unit=_("characters"),
        source=(
            "3,000: the figure every publishing tool uses; the Posts API documents only the error "
            "FIELD_LENGTH_TOO_LONG. Little text format, 20 pictures: LinkedIn docs, Posts API 202607, read 2026-11-23. "
            "Alt text of 4,086: other tools. Size of a picture: no limit read, 5 MB is our own."
        ),
        pictures=20,
        picture_bytes=5_000_000,
        picture_types=("image/jpeg", "image/png"),
        alt=4086,
    )
    adapter = "networks.linkedin.adapter:LinkedInAdapter"
    connector = "networks.linkedin.connector:LinkedInConnector"
    api_version = chosen("CHORUS_LINKEDIN_VERSION", NEWEST_READ, r"\d{6}")

    def measure(self, text: str) -> int:
        return utf16_units(text)

    def fits(self, text: str) -> bool:
        return super().fits(text) and self._travelling(text) <= self.limits.text

    def check(self, segment: Segment) -> list[Finding]:
        findings = super().check(segment)
        length = self._travelling(segment.text, segment.mentions)
        if super().fits(segment.text) and length > self.limits.text:
            findings.insert(0, self._too_long_to_travel(length))
        return findings

    def _travelling(self, text: str, mentions: tuple[Mention, ...] = ()) -> int:
        return utf16_units(little(text, mentions))

    def _too_long_to_travel(self, length: int) -> Finding:
        return refuses(
            "text-too-long",
            f"This text is {length:,} long with the backslashes and numbers that LinkedIn wants for brackets and mentions; "
            f"the limit is {self.limits.text:,}.",
        )

    def composer_url(self, text: str) -> str:
        return filled("https://www.linkedin.com/feed/?shareActive=true&text=", text)
