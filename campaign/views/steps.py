"""What the buttons of the translation page do."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaign.forms import TranslationForm
from campaign.models import Translation
from campaign.services import translate
from campaign.views.desk import Desk


@dataclass(frozen=True)
class Step:
    """What to say afterwards, and the number of the post to show next."""

    said: str
    number: int


@transaction.atomic
def take_step(desk: Desk, form: TranslationForm, do: str, user: User) -> Step:
    """Saves what was typed and does what the button says, together or not at all.

    Raises ConflictError, NotAllowedError.
    """
    typed = form.cleaned_data
    texts = form.texts()
    unchanged = desk.translation is not None and translate.same_words(desk.translation, texts)
    if desk.translation and do == "still_right" and unchanged:
        seen = _as_seen(desk.translation, typed["revision"])
        translate.still_right(seen, user, seen=typed["source_revision"])
        return Step(_("Confirmed against the new source."), desk.post.number)
    if desk.translation and do in ("approve", "submit") and unchanged:
        saved = _as_seen(desk.translation, typed["revision"])
    else:
        saved = translate.save(
            desk.post,
            desk.organisation,
            desk.language,
            texts,
            based_on=typed["revision"],
            user=user,
            seen=typed["source_revision"],
        )
    return _after(desk, saved, do, user)


def _as_seen(translation: Translation, revision: int) -> Translation:
    """The translation with the revision the person saw, which the service compares with what is there."""
    translation.revision = revision
    return translation


def _after(desk: Desk, saved: Translation, do: str, user: User) -> Step:
    number = desk.post.number
    if do == "approve":
        translate.approve(saved, user)
        return Step(_("Approved. It can be scheduled."), number)
    if do == "submit":
        translate.submit(saved, user)
        return Step(_("Handed in. An editor looks at it next."), number)
    if do == "next":
        later = desk.post.campaign.posts.filter(number__gt=number).values_list("number", flat=True)
        return Step(_("Saved."), min(later, default=number))
    return Step(_("Saved."), number)
