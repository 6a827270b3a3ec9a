"""A post's words in one language, as one organisation says them, with every revision kept."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from accounts.models import Organisation, User
from accounts.permissions import Action, actions_of, memberships_of
from campaign.models.campaign import Campaign
from campaign.models.post import Post

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class TranslationState(models.TextChoices):
    """Where a text stands. «Missing» is the absence of a row, «stale» is derived from the source's revision."""

    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    APPROVED = "approved", "approved"


class TranslationQuerySet(models.QuerySet["Translation"]):
    """Questions about translations."""

    def visible_to(self, user: User) -> "TranslationQuerySet":
        """Own ones, the sources of the campaigns the person sees, and all of the campaigns they coordinate."""
        own = [m.organisation_id for m in memberships_of(user)]
        return self.filter(
            models.Q(organisation__in=own)
            | models.Q(post__campaign__in=Campaign.objects.visible_to(user), is_source=True)
            | models.Q(post__campaign__in=Campaign.objects.coordinated_by(user))
        ).distinct()

    def writable_by(self, user: User) -> "TranslationQuerySet":
        """Those of organisations where the person may translate; a source only where they may edit the campaign."""
        translate = [m.organisation_id for m in memberships_of(user) if Action.TRANSLATE in actions_of(m)]
        edit = [m.organisation_id for m in memberships_of(user) if Action.EDIT_CAMPAIGN in actions_of(m)]
        return self.filter(
            models.Q(organisation__in=translate, is_source=False) | models.Q(organisation__in=edit, is_source=True)
        )

    def with_texts(self) -> "TranslationQuerySet":
        """With the current revision and the post, for lists that show words."""
        return self.select_related("current", "post__campaign", "organisation")


class Translation(models.Model):
    """`revision` counts the saved texts; `source_revision` is the source's number this was made from (or confirmed)."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="translations")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    language = models.CharField(max_length=12)
    is_source = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=TranslationState, default=TranslationState.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    source_revision = models.PositiveIntegerField(default=0)
    current = models.OneToOneField("TranslationRevision", models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        revisions: RelatedManager["TranslationRevision"]

    objects = TranslationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "organisation", "language"], name="one_translation_each"),
            models.UniqueConstraint(fields=["post"], condition=models.Q(is_source=True), name="one_source_a_post"),
            models.CheckConstraint(
                condition=models.Q(state__in=TranslationState.values), name="translation_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}, {self.language}"

    @property
    def words(self) -> "TranslationRevision":
        """The current text. A translation is only ever made together with its first revision."""
        if self.current is None:
            raise TranslationRevision.DoesNotExist(f"{self} has no text yet.")
        return self.current


class TranslationRevision(models.Model):
    """One saved text, never changed afterwards. `variants` maps a network's slug to its own text, `alts` a picture's
    digest to the alt text written here in place of the one the picture came with; `warning` is read before the text
    where a network has a field for it."""

    translation = models.ForeignKey(Translation, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    full = models.TextField()
    short = models.TextField(blank=True)
    variants = models.JSONField(default=dict, blank=True)
    alts = models.JSONField(default=dict, blank=True)
    warning = models.CharField(max_length=200, blank=True)
    source_revision = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["translation", "number"], name="revision_number_is_unique")]

    def __str__(self) -> str:
        return f"{self.translation}, revision {self.number}"
