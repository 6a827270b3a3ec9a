"""Saving, handing in, approving and confirming a post's words; the source is the first of its translations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.permissions import Action, can
from campaign.checks import check_texts, check_variants, check_warning
from campaign.models import Post, Translation, TranslationRevision, TranslationState
from campaign.services.approval import others_who_approve
from campaign.services.errors import ConflictError, NotAllowedError
from campaign.signals import tell_translation_changed
from networks.content import Finding
from networks.registry import all_networks


@dataclass(frozen=True)
class Texts:
    """What is saved as one revision. `variants` maps a network's slug to its own text, `alts` a picture's digest to an
    alt text of its own, `warning` is the content warning."""

    full: str
    short: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)
    alts: Mapping[str, str] = field(default_factory=dict)
    warning: str = ""

    @classmethod
    def of(cls, saved: TranslationRevision) -> "Texts":
        """What a revision holds."""
        return cls(saved.full, saved.short, dict(saved.variants), dict(saved.alts), saved.warning)


def source_of(post: Post) -> Translation:
    """The post's source with its current words. Raises Translation.DoesNotExist while nobody has written it."""
    return Translation.objects.with_texts().get(post=post, is_source=True)


def sources_for(posts: Iterable[Post]) -> dict[int, Translation]:
    """Each post's source by the post's key, in one query; posts without one are left out."""
    sources = Translation.objects.with_texts().filter(post__in=list(posts), is_source=True)
    return {source.post_id: source for source in sources}


def is_stale(translation: Translation, source: Translation | None = None) -> bool:
    """Whether the source has changed since this was made or confirmed. `source` saves a query where it is at hand."""
    if translation.is_source:
        return False
    return translation.source_revision < (source or source_of(translation.post)).revision


def same_words(translation: Translation | None, texts: Texts) -> bool:
    """Whether these texts are already the current ones."""
    current = translation.current if translation else None
    if current is None:
        return False
    return Texts.of(current) == replace(texts, variants=dict(texts.variants), alts=dict(texts.alts))


@transaction.atomic
def save(
    post: Post,
    organisation: Organisation,
    language: str,
    texts: Texts,
    *,
    based_on: int,
    user: User,
    seen: int | None = None,
) -> Translation:
    """A new revision of these words. `based_on` is the revision the person saw (0: there was none), `seen` the
    source's revision that stood beside it (None: the one of now); with an older one the words are stale at once.

    Withdraws an approval; a source saved by somebody who may edit the campaign is approved at once. Words that are
    already saved, against the current source, stay as they are. Raises ConflictError if somebody saved meanwhile.
    """
    translation = _locked(post, organisation, language)
    if translation.revision != based_on:
        raise ConflictError(_("Somebody else has saved this text since you opened it."), translation)
    if same_words(translation, texts) and not is_stale(translation):
        return translation
    _add_revision(translation, texts, user, seen)
    _set_state(translation, user)
    translation.save()
    _tell(translation)
    return translation


def _locked(post: Post, organisation: Organisation, language: str) -> Translation:
    """The row to write, new or locked. The post is locked first, so that two first saves cannot meet."""
    campaign = Post.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=post.pk).campaign
    found = Translation.objects.with_texts().filter(post=post, organisation=organisation, language=language).first()
    is_source = campaign.organiser_id == organisation.pk and campaign.source_language == language
    return found or Translation(post=post, organisation=organisation, language=language, is_source=is_source)


def _add_revision(translation: Translation, texts: Texts, user: User, seen: int | None) -> None:
    translation.revision += 1
    newest = translation.revision if translation.is_source else source_of(translation.post).revision
    translation.source_revision = newest if seen is None or translation.is_source else min(seen, newest)
    translation.save()
    translation.current = TranslationRevision.objects.create(
        translation=translation,
        number=translation.revision,
        full=texts.full,
        short=texts.short,
        variants=dict(texts.variants),
        alts=dict(texts.alts),
        warning=texts.warning,
        source_revision=translation.source_revision,
        author=user,
        saved_at=timezone.now(),
    )


def _set_state(translation: Translation, user: User) -> None:
    approved = translation.is_source and can(user, Action.EDIT_CAMPAIGN, translation.organisation)
    translation.state = TranslationState.APPROVED if approved else TranslationState.DRAFT
    translation.approved_by = user if approved else None
    translation.approved_at = timezone.now() if approved else None


def _tell(translation: Translation) -> None:
    """Says that it changed; where it is the source, also that each translation of it may now be stale."""
    tell_translation_changed(translation.pk)
    if translation.is_source:
        others = Translation.objects.filter(post=translation.post_id, is_source=False)
        for pk in others.values_list("pk", flat=True):
            tell_translation_changed(pk)


def _fresh(translation: Translation) -> Translation:
    """The row as it stands, locked. Raises ConflictError if it is not the revision the person saw."""
    Translation.objects.select_for_update(of=("self",)).get(pk=translation.pk)
    fresh = Translation.objects.with_texts().get(pk=translation.pk)
    if fresh.revision != translation.revision:
        raise ConflictError(_("Somebody else has saved this text since you opened it."), fresh)
    return fresh


@transaction.atomic
def submit(translation: Translation, user: User) -> Translation:
    """A draft goes into review. Raises NotAllowedError, ConflictError."""
    fresh = _fresh(translation)
    if not can(user, Action.TRANSLATE, fresh.organisation):
        raise NotAllowedError(_("Your role does not hand in translations here."))
    if fresh.state == TranslationState.DRAFT:
        fresh.state = TranslationState.IN_REVIEW
        fresh.save()
        _tell(fresh)
    return fresh


@transaction.atomic
def approve(translation: Translation, user: User) -> Translation:
    """The words may go out. Raises ConflictError, and NotAllowedError for one's own words where there is somebody
    else to look at them, for a text that a check finds wrong, and while the source has changed."""
    fresh = _fresh(translation)
    _refuse_approval_by(fresh, user)
    if not fresh.is_source:
        _refuse_faults(fresh, source_of(fresh.post))
    fresh.state = TranslationState.APPROVED
    fresh.approved_by, fresh.approved_at = user, timezone.now()
    fresh.save()
    _tell(fresh)
    return fresh


def _refuse_approval_by(translation: Translation, user: User) -> None:
    if not can(user, Action.APPROVE, translation.organisation):
        raise NotAllowedError(_("Your role does not approve texts here. Hand it in, and an editor will look at it."))
    if translation.words.author_id == user.pk and others_who_approve(translation.organisation, user):
        raise NotAllowedError(_("You wrote this text yourself. Somebody else who may approve has to look at it."))


def _refuse_faults(translation: Translation, source: Translation) -> None:
    if is_stale(translation, source):
        raise NotAllowedError(_("The source has changed. Say first that this is still right, or edit it."))
    errors = [finding for finding in findings_for(translation, source) if finding.severity == "error"]
    if errors:
        raise NotAllowedError(_("Mend this first: %(finding)s") % {"finding": errors[0].message})


def findings_for(translation: Translation, source: Translation) -> list[Finding]:
    """What the checks find in the saved words."""
    return findings_in(Texts.of(translation.words), source, translation.language)


def findings_in(texts: Texts, source: Translation, language: str) -> list[Finding]:
    """What the checks find in these words, saved or not, beside the source as it is now."""
    words, same = source.words, source.language == language
    names = {network.slug: network.name for network in all_networks()}
    return [
        *check_texts((words.full, words.short), (texts.full, texts.short), same_language=same),
        *check_variants(words.variants, texts.variants, names, same_language=same),
        *check_warning(words.warning, texts.warning),
    ]


@transaction.atomic
def still_right(translation: Translation, user: User, *, seen: int | None = None) -> Translation:
    """Confirms the words against the source as it is now. An approval stays if the person may approve; otherwise the
    text goes back into review. `seen` is the source's revision they looked at. Raises NotAllowedError, ConflictError.
    """
    fresh = _fresh(translation)
    source = source_of(fresh.post)
    if not can(user, Action.TRANSLATE, fresh.organisation):
        raise NotAllowedError(_("Your role does not change translations here."))
    if seen is not None and seen != source.revision:
        raise ConflictError(_("The source has changed again since you opened this page."), fresh)
    fresh.source_revision = source.revision
    if fresh.state == TranslationState.APPROVED and not can(user, Action.APPROVE, fresh.organisation):
        fresh.state, fresh.approved_by, fresh.approved_at = TranslationState.IN_REVIEW, None, None
    fresh.save()
    _tell(fresh)
    return fresh
