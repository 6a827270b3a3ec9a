"""How the state of a text is shown: a word, an icon, a colour."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from campaign.models import Translation, TranslationState
from campaign.services.translate import is_stale


@dataclass(frozen=True)
class Badge:
    """`css` is a colour of parts.css, `icon` a name of bootstrap-icons."""

    css: str
    icon: str
    word: str | Promise


MISSING = Badge("none", "circle", _("missing"))
STALE = Badge("hold", "arrow-repeat", _("the source has changed"))
BADGES: dict[str, Badge] = {
    TranslationState.DRAFT: Badge("plan", "pencil", _("draft")),
    TranslationState.IN_REVIEW: Badge("hand", "eye", _("in review")),
    TranslationState.APPROVED: Badge("ok", "check-circle", _("approved")),
}


def badge_of(translation: Translation | None, source: Translation | None) -> Badge:
    """The badge of a translation (or of the source itself) beside its source."""
    if translation is None:
        return MISSING
    if source is not None and is_stale(translation, source):
        return STALE
    return BADGES[translation.state]


def name_of(language: str) -> str:
    """The language's name in itself; its code where Django does not know it."""
    try:
        return str(get_language_info(language)["name_local"])
    except KeyError:
        return language
