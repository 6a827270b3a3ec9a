"""What can be said about words, saved or just typed: how they go out on each network, and what the checks find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from campaign.checks import check_alts
from campaign.forms import LONGEST
from campaign.models import Post, Visual
from campaign.services.merge import MergeValues, links_in, merge
from campaign.services.render import Rendering, Words, render, values_for, visuals_in
from campaign.services.translate import Texts
from networks.base import Network
from networks.content import Finding, Segment
from networks.registry import all_networks


@dataclass(frozen=True)
class Part:
    """One part as it goes out: its words, its pictures with what is said of each, its length as the network counts."""

    segment: Segment
    pictures: list[tuple[Visual, str]]
    length: int


@dataclass(frozen=True)
class Length:
    """`count` of `limit` as the network counts; `filled` is what its bar shows, `note` says what goes out.
    `findings` are what the network would refuse or spoil, `unwarned`: it cannot show the content warning."""

    network: Network
    count: int
    css: str
    note: str
    parts: list[Part]
    findings: tuple[Finding, ...]
    is_own: bool
    unwarned: bool

    @property
    def limit(self) -> int:
        """The most that one post holds."""
        return self.network.limits.text

    @property
    def filled(self) -> int:
        """The count, at most the limit."""
        return min(self.count, self.limit)


@dataclass(frozen=True)
class AltCount:
    """How long an alt text is beside the lowest limit of all networks, and whose limit that is."""

    picture: Visual
    count: int
    network: Network

    @property
    def limit(self) -> int:
        """In characters."""
        return self.network.limits.alt


@dataclass(frozen=True)
class Outlook:
    """Everything that the page shows beside the words. `findings` are about the words themselves, `beside_source` says
    that they were compared with a source."""

    findings: list[Finding]
    lengths: list[Length]
    alts: list[AltCount]
    beside_source: bool

    @property
    def errors(self) -> int:
        """How many findings about the words have to be mended."""
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def of(self) -> list[tuple[Network, Length | None]]:
        """Each network with its line; None while there are no words."""
        lines = {line.network.slug: line for line in self.lengths}
        return [(network, lines.get(network.slug)) for network in all_networks()]

    @property
    def said(self) -> str:
        """It all in a breath, for people who hear the page."""
        blocked = ", ".join(line.network.name for line in self.lengths if line.css == "bad")
        mend = ngettext("%(n)s to mend.", "%(n)s to mend.", self.errors) % {"n": self.errors} if self.errors else ""
        stuck = _("Cannot go out like this on %s.") % blocked if blocked else ""
        return " ".join(filter(None, [mend, stuck])) or _("Nothing to mend; it can go out on every network.")


def outlook_on(
    texts: Texts, findings: list[Finding] | None, post: Post, organisation: Organisation, language: str
) -> Outlook:
    """The outlook on these words, by the code that the server publishes with. `findings` come from the comparison with
    a source; None: the words are the source."""
    beside = findings is not None
    if max(len(text) for text in (texts.full, texts.short, *texts.variants.values())) > LONGEST:
        return Outlook(
            [Finding("error", "far-too-long", f"A text may have {LONGEST:,} characters here.")], [], [], beside
        )
    words = Words(texts.full, texts.short, texts.variants, language, texts.alts, texts.warning)
    pictures = visuals_in(post, language)
    lengths = lengths_of(words, post, organisation) if texts.full or texts.variants else []
    missing = check_alts([words.alt_of(picture) for picture in pictures])
    counts = [_alt_count(words, picture) for picture in pictures]
    unknown = _unknown_links(words, post)
    return Outlook([*unknown, *(findings or []), *missing], lengths, counts, beside)


def _unknown_links(words: Words, post: Post) -> list[Finding]:
    """The links that the words name and the campaign does not have; such a text goes out nowhere."""
    known = {link.slug for link in post.campaign.links.all()}
    named = links_in(" ".join([words.full, words.short, *words.variants.values()]))
    return [
        Finding("error", "unknown-link", f"This campaign has no link called “{slug}”.")
        for slug in named
        if slug not in known
    ]


def lengths_of(words: Words, post: Post, organisation: Organisation) -> list[Length]:
    """One line for each network; none where a text names a link that the campaign does not have."""
    now = timezone.now()
    pictures = {visual.digest: visual for visual in visuals_in(post, words.language)}
    lines = []
    for network in all_networks():
        values = values_for(words, post, organisation.pk, network, now.date(), now)
        rendering = render(words, post, network, values)
        if rendering.segments:
            lines.append(_line(network, words, values, rendering, pictures))
    return lines


def _line(
    network: Network, words: Words, values: MergeValues, rendering: Rendering, pictures: Mapping[str, Visual]
) -> Length:
    return Length(
        network=network,
        count=_count(network, words, values, rendering),
        css=_colour(rendering),
        note=_note(rendering),
        parts=_parts(rendering, pictures),
        findings=rendering.findings,
        is_own=rendering.choice == "variant",
        unwarned=bool(words.warning) and not network.limits.warning,
    )


def _count(network: Network, words: Words, values: MergeValues, rendering: Rendering) -> int:
    """The length of what goes out; of a thread the length that one post would have had."""
    if len(rendering.segments) == 1:
        return rendering.lengths[0]
    whole = merge(words.variants.get(network.slug) or words.full, values)
    return network.measure(whole) + network.warning_length(words.warning_on(network))


def _parts(rendering: Rendering, pictures: Mapping[str, Visual]) -> list[Part]:
    return [
        Part(segment, [(pictures[picture.digest], picture.alt) for picture in segment.pictures], length)
        for segment, length in zip(rendering.segments, rendering.lengths, strict=True)
    ]


def _colour(rendering: Rendering) -> str:
    if rendering.errors:
        return "bad"
    return "hold" if len(rendering.segments) > 1 else "ok"


def _note(rendering: Rendering) -> str:
    parts = len(rendering.segments)
    if any(finding.code == "text-too-long" for finding in rendering.errors):
        return _too_long(rendering)
    if rendering.errors:
        return rendering.errors[0].message
    if parts > 1:
        return ngettext("Goes out as %(n)s part.", "Goes out as a thread of %(n)s.", parts) % {"n": parts}
    notes = {"short": _("The short text goes out."), "variant": _("Its own text goes out.")}
    return notes.get(rendering.choice, _("The full text goes out."))


def _too_long(rendering: Rendering) -> str:
    """What to do about it."""
    if rendering.choice == "variant":
        return _("Its own text is too long. Shorten it.")
    return _("Too long here. Write a short text.")


def _alt_count(words: Words, picture: Visual) -> AltCount:
    networks: Sequence[Network] = all_networks()
    return AltCount(picture, len(words.alt_of(picture)), min(networks, key=lambda network: network.limits.alt))
