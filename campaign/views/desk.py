"""A translator's desk: the source, the words so far, and what can be said about both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Organisation, User
from campaign.models import Post, Translation, Visual
from campaign.services.alts import spoken_alt
from campaign.services.merge import FIELD, fields_in
from campaign.services.render import visuals_in
from campaign.services.translate import Texts, findings_in, is_stale
from campaign.views.badges import Badge, badge_of, name_of
from campaign.views.changes import Change, changes_between
from campaign.views.found import campaign_for, post_for
from campaign.views.outlook import Outlook, outlook_on
from networks.base import Network
from networks.registry import all_networks


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
    def saved(self) -> Texts:
        """The words so far."""
        return Texts.of(self.translation.words) if self.translation else Texts("")

    @property
    def pictures(self) -> list[Visual]:
        """The pictures that go out with the words, whose alt texts are written here."""
        return visuals_in(self.post, self.language)

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
        words = self.source.words
        return fields_in(" ".join([words.full, words.short, *words.variants.values()]))

    @property
    def source_pieces(self) -> list[Piece]:
        """The source's full text in runs."""
        return list(pieces_of(self.source.words.full))

    @property
    def changes(self) -> list[Change]:
        """What changed in the source since the words were made; empty where nothing did."""
        if not self.translation or not self.is_stale:
            return []
        before = self.source.revisions.filter(number=self.translation.source_revision).first()
        pictures = visuals_in(self.post, self.source.language)
        return list(changes_between(before, self.source.words, self.source.language, pictures)) if before else []

    @property
    def source_alts(self) -> dict[int, str]:
        """What the source says of each picture, by the picture's key."""
        alts, language = self.source.words.alts, self.source.language
        return {picture.pk: spoken_alt(alts, picture, language) for picture in self.pictures}

    @property
    def source_variants(self) -> list[tuple[Network, str]]:
        """The source's own texts for single networks."""
        own = self.source.words.variants
        return [(network, own[network.slug]) for network in all_networks() if network.slug in own]

    def outlook(self, texts: Texts) -> Outlook:
        """What can be said about these words."""
        findings = findings_in(texts, self.source, self.language)
        return outlook_on(texts, findings, self.post, self.organisation, self.language)


def desk_for(user: User, organisation: Organisation, campaign: str, language: str, number: int) -> Desk:
    """The desk that an address names. 404 for a language that is not the organisation's, and before there is a source."""
    post = post_for(user, campaign_for(user, organisation, campaign), number)
    visible = Translation.objects.visible_to(user).with_texts()
    source = get_object_or_404(visible, post=post, is_source=True)
    if language not in organisation.languages or (source.organisation, source.language) == (organisation, language):
        raise Http404
    translation = visible.filter(post=post, organisation=organisation, language=language).first()
    return Desk(organisation, language, post, source, translation)
