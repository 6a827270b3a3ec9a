"""What a network asks for a post by its API, as data, and the sum for the parts of one post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from networks.content import Segment
from networks.spans import find_links


@dataclass(frozen=True)
class Price:
    """Prices of single calls in `currency` (ISO 4217). `source` names the page they come from, `read` the day.

    `alt_text` is for telling the network one picture's alt text, `read_post` for each post that a read-back returns.
    """

    post: Decimal
    post_with_link: Decimal
    currency: str
    source: str
    read: date
    alt_text: Decimal = Decimal(0)
    read_post: Decimal = Decimal(0)

    def of(self, segment: Segment) -> Decimal:
        """What sending this one part costs, its pictures' alt texts included."""
        return self.of_text(segment.text, [picture.alt for picture in segment.pictures])

    def of_text(self, text: str, alts: Sequence[str]) -> Decimal:
        """The same for a text and the alt texts of its pictures."""
        told = sum(bool(alt.strip()) for alt in alts)
        return (self.post_with_link if find_links(text) else self.post) + told * self.alt_text

    def of_all(self, segments: Sequence[Segment]) -> Decimal:
        """What sending these parts costs together."""
        return sum((self.of(segment) for segment in segments), Decimal(0))
