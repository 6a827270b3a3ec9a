"""What stands guard over posts on X by its API: the operator's switch, no handles by machine, the price of a link, and
no almost equal posts on two accounts.

X's developer policy forbids «substantially similar» posts on several accounts, also when they do not go out at once,
and uninvited mentions; either «will get your app suspended» (docs.x.com, developer terms and guidelines, read
2026-11-23). So X is by hand unless an operator who has read this says otherwise.
"""

from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaign.services.merge import MergeValues
from campaign.services.render import Rendering, Words, render, values_for
from networks.content import Finding
from scheduler import clock
from scheduler.models import Channel, ScheduledItem
from scheduler.services import budget, similar

RISKS = (
    _(
        "X forbids posts that say almost the same on several accounts, also when they go out at different times. An app "
        "that does so is suspended. Chorus compares each text with those of the other accounts and holds what is too "
        "alike, but X decides what is."
    ),
    _(
        "X forbids mentions that nobody asked for. Chorus leaves the targets' handles out of what it posts on X by "
        "itself; what somebody writes into a text by hand goes out as it is."
    ),
    _(
        "X asks money for each post, and more than ten times as much for one with a link. It is taken from the credits "
        "of the owner of the app. Each channel has a monthly budget that stops it."
    ),
    _("X forbids several apps for one use, and the keys of other people's apps: the app is the operator's own."),
    _("Posting by hand costs nothing and breaks no rule: it is what Chorus offers for X while this switch is off."),
)
"""What the operator reads beside the switch (the setting CHORUS_X_API)."""

OFF = "Publishing on X by its API is switched off here. Post by hand instead, or ask whoever runs this installation."


def refusal(network: str) -> str:
    """Why Chorus does not publish on a network by itself, nor offer to connect it; empty where it does."""
    return OFF if network == "x" and not settings.X_API else ""


def values_on(channel: Channel, values: MergeValues) -> MergeValues:
    """What the merge fields stand for on a channel: on X by its API nobody is mentioned by machine."""
    return replace(values, targets=()) if similar.concerns(channel) else values


def with_findings(channel: Channel, words: Words, rendering: Rendering) -> Rendering:
    """The rendering with what the guards say about it, apart from the comparison with other accounts."""
    found = budget.link_findings(channel, rendering.segments)
    if similar.concerns(channel) and "{targets}" in _text_of(channel, words, rendering):
        found.append(
            Finding(
                "warning",
                "handles-left-out",
                "The targets' handles are left out on X: its rules forbid mentions by machine. Somebody may mention them "
                "by hand.",
            )
        )
    return _with(rendering, found)


def compared(channel: Channel, rendering: Rendering) -> Rendering:
    """The rendering with an error where another account has almost the same text."""
    if not similar.concerns(channel) or not rendering.segments:
        return rendering
    found = similar.finding(channel, rendering.segments[0].language, _said(rendering))
    return _with(rendering, [found] if found else [])


def remember(item: ScheduledItem, rendering: Rendering) -> None:
    """Keeps what goes out, for the comparison with what others plan."""
    similar.remember(item, _said(rendering))


def remember_planned(item: ScheduledItem) -> None:
    """The same for an item that has just been planned, so that who plans first goes first."""
    if not similar.concerns(item.channel):
        return
    now, network, words = clock.now(), item.channel.rules, Words.of(item.revision)
    values = values_for(words, item.post, item.channel.organisation_id, network, now.date(), now)
    remember(item, render(words, item.post, network, values_on(item.channel, values)))


def _said(rendering: Rendering) -> str:
    return " ".join(segment.text for segment in rendering.segments)


def _text_of(channel: Channel, words: Words, rendering: Rendering) -> str:
    """The text that was chosen, with its merge fields."""
    chosen = {"variant": words.variants.get(channel.network, ""), "short": words.short}
    return chosen.get(rendering.choice, words.full)


def _with(rendering: Rendering, found: list[Finding]) -> Rendering:
    return replace(rendering, findings=(*rendering.findings, *found)) if found else rendering
