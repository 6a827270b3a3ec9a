"""What Meta's networks have no field for, told before anything is sent."""

from networks.checks import spoils
from networks.content import Finding, Segment


def warning_not_shown(name: str, segment: Segment) -> list[Finding]:
    """A content warning would be lost: neither Facebook nor Instagram has a field for one (their published API
    descriptions, read 2026-11-24)."""
    if not segment.warning:
        return []
    message = f"{name} has no content warning, so people would not see it; write it into the first line of the text."
    return [spoils("warning-not-shown", message)]
