"""Stores the sample's posts: their words in each language with every revision, and their pictures."""

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import Membership, Organisation, User
from campaign.models import Campaign, Post, Translation, TranslationRevision, TranslationState, Visual
from campaign.services.pictures import clean_picture, store_picture
from campaign.services.sample_posts import SamplePost, SampleText


def store_posts(entries: Sequence[SamplePost], campaign: Campaign, organisations: Sequence[Organisation]) -> None:
    """Makes each post with its source, which the organiser says, and the translations, each said by the other
    organisations that post in its language."""
    for entry in entries:
        post = Post.objects.create(campaign=campaign, number=entry.number, title=entry.source.title)
        _store_source(entry, post)
        for language, words in entry.translations.items():
            for own in organisations:
                if language in own.languages and own.pk != campaign.organiser_id:
                    made = Translation(post=post, organisation=own, language=language, state=words.state)
                    _save(made, [words], words.source_revision)
        _store_picture(entry, post)


def _store_source(entry: SamplePost, post: Post) -> None:
    source = Translation(
        post=post,
        organisation=post.campaign.organiser,
        language=entry.source.language,
        is_source=True,
        state=TranslationState.APPROVED,
    )
    _save(source, [*entry.earlier, entry.source], entry.source.revision)


def _save(translation: Translation, texts: Sequence[SampleText], source_revision: int) -> None:
    """Stores the translation with these texts as its revisions, oldest first."""
    author, approver = _people(translation.organisation)
    now = timezone.now()
    translation.source_revision, translation.revision = source_revision, len(texts)
    if translation.state == TranslationState.APPROVED:
        translation.approved_by, translation.approved_at = approver, now
    translation.save()
    for number, text in enumerate(texts, 1):
        translation.current = TranslationRevision.objects.create(
            translation=translation,
            number=number,
            full=text.full,
            short=text.short,
            source_revision=number if translation.is_source else source_revision,
            author=author,
            saved_at=now,
        )
    translation.save(update_fields=["current"])


def _people(organisation: Organisation) -> tuple[User | None, User | None]:
    """Who writes and who approves there: two people where there are two."""
    members = Membership.objects.filter(organisation=organisation).select_related("user").order_by("pk")
    users = [membership.user for membership in members]
    return (users[0], users[-1]) if users else (None, None)


def _store_picture(entry: SamplePost, post: Post) -> None:
    """One picture for every language: the texts around it are translated, its alt text too."""
    cleaned = clean_picture(entry.picture.read_bytes())
    texts = [entry.source, *entry.translations.values()]
    visual = Visual(
        post=post,
        digest=cleaned.digest,
        content_type=cleaned.content_type,
        width=cleaned.width,
        height=cleaned.height,
        size=len(cleaned.content),
        alts={text.language: text.alt for text in texts},
    )
    store_picture(visual, cleaned)
