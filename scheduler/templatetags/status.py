"""What the status page shows of ages."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86_400


@register.filter
def age(seconds: float) -> str:
    """A length of time in its largest unit («12 s», «3 min», «2 h», «4 d»)."""
    for length, words in ((DAY, _("%(number)s d")), (HOUR, _("%(number)s h")), (MINUTE, _("%(number)s min"))):
        if seconds >= length:
            return words % {"number": int(seconds // length)}
    return _("%(number)s s") % {"number": int(seconds)}


@register.filter
def since(moment: object, facts: object) -> str:
    """How long ago a moment was when the facts were read."""
    return age(facts.age(moment))  # type: ignore[attr-defined]  # a template passes what the view gave it


@register.filter
def percent(share: float) -> int:
    """A share from 0 to 1 as whole per cent."""
    return round(share * 100)
