"""A post as it would go out on one network: the one place that chooses the text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Literal

from django.core.files.storage import default_storage
from django.db.models import BigAutoField, CharField, DateField, Q

from campaign.models import Link, Post, TargetHandle, TranslationRevision, Visual
from campaign.services.alts import spoken_alt
from campaign.services.merge import MergeValues, UnknownFieldError, links_in, merge
from campaign.statements import Given, Question
from networks.base import Network
from networks.content import Finding, Mention, Picture, Segment

Choice = Literal["variant", "full", "short", "thread"]


@dataclass(frozen=True)
class Rendering:
    """What would go out. `choice` says which text was taken, `lengths` each part's length as the network counts,
    `links` the slugs it uses, `findings` what a check says about it."""

    choice: Choice
    segments: tuple[Segment, ...]
    lengths: tuple[int, ...]
    links: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> list[Finding]:
        """The findings that block."""
        return [finding for finding in self.findings if finding.severity == "error"]


@dataclass(frozen=True)
class Words:
    """The texts to choose from; a saved revision, or what somebody is typing."""

    full: str
    short: str
    variants: Mapping[str, str]
    language: str
    alts: Mapping[str, str] = field(default_factory=dict)
    warning: str = ""

    @classmethod
    def of(cls, revision: TranslationRevision) -> "Words":
        """The texts of a saved revision."""
        language = revision.translation.language
        return cls(revision.full, revision.short, revision.variants, language, revision.alts, revision.warning)

    def alt_of(self, visual: Visual) -> str:
        """What is said of a picture: the alt text written with these words, else the one the picture came with."""
        return spoken_alt(self.alts, visual, self.language)

    def warning_on(self, network: Network) -> str:
        """The content warning as it goes out; empty where the network has no field for one."""
        return self.warning if network.limits.warning else ""

    def name(self, field: str) -> bool:
        """Whether any of the texts has a merge field that begins so."""
        return any(field in text for text in (self.full, self.short, *self.variants.values()))


LINKS = Question[Link](lambda: Link.objects.filter(campaign=Given("campaign", BigAutoField())).order_by("slug"))
VISUALS = Question[Visual](lambda: Visual.objects.filter(post=Given("post", BigAutoField())))
HANDLES = Question[TargetHandle](
    lambda: (
        TargetHandle.objects.valid_on(Given("day", DateField()))
        .filter(
            Q(target__organisation=None) | Q(target__organisation=Given("organisation", BigAutoField())),
            target__campaign=Given("campaign", BigAutoField()),
            network=Given("network", CharField()),
        )
        .values_list("handle")
    )
)


def values_for(
    words: Words,
    post: Post,
    organisation_id: int,
    network: Network,
    day: date,
    now: datetime,
    links: list[Link] | None = None,
) -> MergeValues:
    """What the merge fields in `words` stand for on `network` on `day`. A link under embargo counts as empty. `links`
    are the campaign's, where the caller has read them already."""
    if links is None:
        links = LINKS.objects(campaign=post.campaign_id) if words.name("{link:") else []
    addresses = {link.slug: "" if link.is_embargoed(now) else link.url for link in links}
    asked = {"campaign": post.campaign_id, "organisation": organisation_id, "network": network.slug, "day": day}
    handles = HANDLES.rows(**asked) if words.name("{targets}") else []
    return MergeValues(
        links=addresses,
        targets=tuple(network.handle_text(handle) for (handle,) in handles),
        hashtags=tuple(post.campaign.hashtags),
    )


def render(
    words: Words, post: Post, network: Network, values: MergeValues, visuals: list[Visual] | None = None
) -> Rendering:
    """The post on `network`: its own variant, else the full text if it fits, else the short one if that fits, else
    the full text as a thread where the network has threads. Nothing is cut: what does not fit is a finding.
    `visuals` are the post's in this language, where the caller knows them."""
    try:
        choice, text, parts = _choose(words, network, values)
    except UnknownFieldError as error:
        return Rendering("full", (), (), (), (Finding("error", "unknown-link", str(error)),))
    chosen = visuals_in(post, words.language) if visuals is None else visuals
    pictures = tuple(_picture(visual, words.alt_of(visual)) for visual in chosen)
    warning = words.warning_on(network)
    segments = tuple(
        Segment(
            text=part,
            language=words.language,
            pictures=pictures if position == 0 else (),
            mentions=_mentions(part, values),
            position=position,
            of=len(parts),
            warning=warning,
        )
        for position, part in enumerate(parts)
    )
    findings = tuple(finding for segment in segments for finding in network.check(segment))
    lengths = tuple(network.measure(part) + network.warning_length(warning) for part in parts)
    return Rendering(choice, segments, lengths, tuple(links_in(text)), findings)


def _choose(words: Words, network: Network, values: MergeValues) -> tuple[Choice, str, list[str]]:
    """The choice, the text it came from (with its fields), and the parts that would be sent."""
    variant, warning = words.variants.get(network.slug, ""), words.warning_on(network)
    if variant:
        return "variant", variant, _parts(variant, warning, network, values)
    full = merge(words.full, values)
    if network.holds(full, warning):
        return "full", words.full, [full]
    short = merge(words.short, values)
    if short and network.holds(short, warning):
        return "short", words.short, [short]
    parts = _parts(words.full, warning, network, values)
    return ("thread" if len(parts) > 1 else "full"), words.full, parts


def _parts(text: str, warning: str, network: Network, values: MergeValues) -> list[str]:
    merged = merge(text, values)
    if network.holds(merged, warning) or not network.limits.thread:
        return [merged]
    try:
        return network.split(merged, warning)
    except ValueError:  # one word is longer than a part may be; the check says so
        return [merged]


def visuals_in(post: Post, language: str) -> list[Visual]:
    """The pictures in this language; a picture without words serves every language."""
    visuals = VISUALS.objects(post=post.pk)
    own = [visual for visual in visuals if visual.language == language]
    return own or [visual for visual in visuals if not visual.language] or visuals


def _picture(visual: Visual, alt: str) -> Picture:
    return Picture(
        digest=visual.digest,
        content_type=visual.content_type,
        width=visual.width,
        height=visual.height,
        size=visual.size,
        alt=alt,
        read=partial(read_picture, str(visual.file.name)),
    )


def read_picture(name: str) -> bytes:
    """The bytes of a stored picture."""
    with default_storage.open(name) as file:
        content: bytes = file.read()
    return content


def _mentions(text: str, values: MergeValues) -> tuple[Mention, ...]:
    return tuple(Mention(handle) for handle in dict.fromkeys(values.targets) if handle in text)
