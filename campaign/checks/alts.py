"""Whether each picture is described, so that nobody who does not see it learns less."""

from collections.abc import Sequence

from networks.content import Finding


def check_alts(alts: Sequence[str]) -> list[Finding]:
    """The pictures of a post, in order, that have no alt text in the language of its words."""
    return [
        Finding("warning", "alt-missing", f"Picture {number} has no alt text in this language: describe it below.")
        for number, alt in enumerate(alts, start=1)
        if not alt.strip()
    ]
