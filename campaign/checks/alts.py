"""Whether each picture is described, so that nobody who does not see it learns less."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from networks.content import Finding


def check_alts(alts: Sequence[str]) -> list[Finding]:
    """The pictures of a post, in order, that have no alt text in the language of its words."""
    return [
        Finding(
            "warning",
            "alt-missing",
            _("Picture %(number)s has no alt text in this language: describe it below.") % {"number": number},
        )
        for number, alt in enumerate(alts, start=1)
        if not alt.strip()
    ]
