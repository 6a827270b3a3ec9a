"""What changed in a source between two revisions, part by part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaign.models import TranslationRevision, Visual
from campaign.services.alts import spoken_alt
from campaign.services.differences import Kind, difference
from networks.registry import all_networks


@dataclass(frozen=True)
class Change:
    """A part of the words, by the name that the page gives it (the full text has none), and how it changed."""

    name: str
    pieces: list[tuple[Kind, str]]


def changes_between(
    old: TranslationRevision, new: TranslationRevision, language: str, pictures: Sequence[Visual]
) -> Iterator[Change]:
    """The parts that differ, in the order in which they are written; alt texts as they are spoken of `pictures`."""
    parts = [
        ("", old.full, new.full),
        (_("Short text"), old.short, new.short),
        (_("Content warning"), old.warning, new.warning),
    ]
    for picture in pictures:
        before, after = (spoken_alt(revision.alts, picture, language) for revision in (old, new))
        parts.append((_("What the picture shows"), before, after))
    for network in all_networks():
        own = (revision.variants.get(network.slug, "") for revision in (old, new))
        parts.append((_("Own text for %s") % network.name, *own))
    return (Change(name, difference(before, after)) for name, before, after in parts if before != after)
