"""A translator's desk: the source, the words so far, and what can be said about both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Organisation, User
from campaign.checks import check_texts
from campaign.models import Post, Translation
from campaign.services.differences import Kind, difference
from campaign.services.merge import FIELD, fields_in
from campaign.services.render import Words
from campaign.services.translate import is_stale
from campaign.views.badges import Badge, badge_of, name_of
from campaign.views.found import campaign_for, post_for
from campaign.views.lengths import Length, lengths_of
from networks.content import Finding


class Piece(NamedTuple):
    """A run of plain text, or one merge field."""

    is_field: bool
    text: str


def pieces_of(text: str) -> Iterator[Piece]:
    """The text in runs, so that a page can show its merge fields as chips."""
    start = 0
    for match in re.finditer(FIELD, text):
        yield Piece(False, text[start : match.start()])
        yield Piece(True, match[0].strip("{}"))
        start = match.end()
    yield Piece(False, text[start:])


@dataclass(frozen=True)
class Desk:
    """One post in one language of one organisation. `translation` is None while nobody has begun."""

    organisation: Organisation
    language: str
    post: Post
    source: Translation
    translation: Translation | None

    @property
    def revision(self) -> int:
        """The revision on the desk; 0 before the first."""
        return self.translation.revision if self.translation else 0

    @property
    def name(self) -> str:
        """The language, named in itself."""
        return name_of(self.language)

    @property
    def source_name(self) -> str:
        """The source's language, named in itself."""
        return name_of(self.source.language)

    @property
    def variants(self) -> dict[str, str]:
        """The texts of single networks, which this page keeps as they are."""
        return dict(self.translation.words.variants) if self.translation else {}

    @property
    def is_stale(self) -> bool:
        """Whether the source has changed since."""
        return self.translation is not None and is_stale(self.translation, self.source)

    @property
    def badge(self) -> Badge:
        """The state in a word."""
        return badge_of(self.translation, self.source)

    @property
    def fields(self) -> list[str]:
        """The merge fields to offer."""
        return fields_in(f"{self.source.words.full} {self.source.words.short}")

    @property
    def source_pieces(self) -> list[Piece]:
        """The source's full text in runs."""
        return list(pieces_of(self.source.words.full))

    @property
    def changes(self) -> list[tuple[Kind, str]]:
        """What changed in the source since the words were made; empty where nothing did."""
        if not self.translation or not self.is_stale:
            return []
        before = self.source.revisions.filter(number=self.translation.source_revision).first()
        return difference(before.full, self.source.words.full) if before else []

    def findings(self, full: str, short: str) -> list[Finding]:
        """What the checks say about these words."""
        same = self.language == self.source.language
        return check_texts((self.source.words.full, self.source.words.short), (full, short), same_language=same)

    def lengths(self, full: str, short: str) -> list[Length]:
        """How long these words are on each network; nothing before there are words."""
        if not full.strip():
            return []
        return lengths_of(Words(full, short, self.variants, self.language), self.post, self.organisation)


def desk_for(user: User, organisation: Organisation, campaign: str, language: str, number: int) -> Desk:
    """The desk that an address names. 404 for a language that is not the organisation's, and before there is a source."""
    post = post_for(user, campaign_for(user, organisation, campaign), number)
    visible = Translation.objects.visible_to(user).with_texts()
    source = get_object_or_404(visible, post=post, is_source=True)
    if language not in organisation.languages or (source.organisation, source.language) == (organisation, language):
        raise Http404
    translation = visible.filter(post=post, organisation=organisation, language=language).first()
    return Desk(organisation, language, post, source, translation)
