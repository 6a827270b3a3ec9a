"""How long a text is on each network, by the network's own count and rules."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from campaign.models import Post
from campaign.services.merge import MergeValues, merge
from campaign.services.render import Rendering, Words, render, values_for
from networks.base import Network
from networks.registry import all_networks


@dataclass(frozen=True)
class Length:
    """`count` of `limit` as the network counts; `filled` is what its bar shows, `note` says what goes out."""

    network: Network
    count: int
    limit: int
    css: str
    note: str

    @property
    def filled(self) -> int:
        """The count, at most the limit."""
        return min(self.count, self.limit)


def lengths_of(words: Words, post: Post, organisation: Organisation) -> list[Length]:
    """One line for each network; none where a text names a link that the campaign does not have."""
    now = timezone.now()
    lines = []
    for network in all_networks():
        values = values_for(words, post, organisation.pk, network, now.date(), now)
        rendering = render(words, post, network, values)
        if rendering.segments:
            lines.append(_line(network, words, values, rendering))
    return lines


def _line(network: Network, words: Words, values: MergeValues, rendering: Rendering) -> Length:
    parts = len(rendering.segments)
    count = network.measure(merge(words.full, values)) if parts > 1 else rendering.lengths[0]
    fits = all(network.fits(segment.text) for segment in rendering.segments)
    return Length(network, count, network.limits.text, _colour(fits, parts), _note(rendering, fits, parts))


def _colour(fits: bool, parts: int) -> str:
    if not fits:
        return "bad"
    return "hold" if parts > 1 else "ok"


def _note(rendering: Rendering, fits: bool, parts: int) -> str:
    if not fits:
        return _("Too long here. Write a short text.")
    if parts > 1:
        return ngettext("Goes out as %(n)s part.", "Goes out as a thread of %(n)s.", parts) % {"n": parts}
    notes = {"short": _("The short text goes out."), "variant": _("Its own text goes out.")}
    return notes.get(rendering.choice, "")
