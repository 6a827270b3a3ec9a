"""The rules that follow from a network's limits alone; a network adds how it counts and where a person posts."""

from urllib.parse import quote

from networks.base import Network
from networks.checks import common_findings
from networks.content import Finding, Segment
from networks.text import utf8_bytes
from networks.threads import split_text

LONGEST_ADDRESS = 8000
"""Characters of an address that servers take for sure: RFC 9110 §4.1 asks for 8,000 (read 2026-11-24)."""


class Rules(Network):
    """Fits, splits and checks by `limits` and `measure`."""

    def fits(self, text: str) -> bool:
        limit = self.limits.text_bytes
        return self.measure(text) <= self.limits.text and (limit is None or utf8_bytes(text) <= limit)

    def split(self, text: str, warning: str = "") -> list[str]:
        if self.holds(text, warning):
            return [text]
        if not self.limits.thread:
            raise ValueError(f"{self.name} has no threads, and this text is {self.measure(text):,} long.")
        return split_text(text, lambda part: self.holds(part, warning))

    def check(self, segment: Segment) -> list[Finding]:
        return common_findings(self, segment)


def filled(address: str, text: str) -> str:
    """`address` with `text` percent-encoded at its end; without it where the whole would be too long to travel.

    The page that links there has a button to copy the text, so that nothing is lost.
    """
    whole = address + quote(text, safe="")
    return whole if len(whole) <= LONGEST_ADDRESS else address
