"""What the first page of an organisation says: the next step, what goes out next, how its posts stand."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation, User
from campaign.models import Campaign, Post, Translation
from campaign.models.campaign import campaigns_of
from scheduler import clock
from scheduler.models import Channel, Health, ScheduledItem
from scheduler.models.item import ScheduledItemQuerySet
from scheduler.services.story import language_name
from scheduler.states import ENDED, NEEDS_A_LOOK, State
from scheduler.views.addresses import address_by_number
from scheduler.views.queue import own_items


@dataclass(frozen=True)
class Step:
    """The one thing to do now: what it is, what it means, and the button that leads there."""

    heading: str
    text: str
    button: str
    url: str


@dataclass(frozen=True)
class Cell:
    """One post in the strip: where it is planned, how it stands here, the colour that goes with the word, what is missing
    («text», «plan» or nothing)."""

    post: Post
    url: str
    word: str
    look: str
    missing: str

    @property
    def name(self) -> str:
        """What it is called where it is heard."""
        return _("Post %(number)s: %(word)s") % {"number": self.post.number, "word": self.word}


Counts = list[tuple[int, str, int]]
"""Of each post: a state, and how many of its items are in it."""


@dataclass(frozen=True)
class Overview:
    """What the steps look at."""

    organisation: Organisation
    campaign: Campaign | None
    items: ScheduledItemQuerySet
    counts: Counts
    channels: list[Channel]
    cells: list[Cell]

    @classmethod
    def of(cls, user: User, organisation: Organisation) -> "Overview":
        """The organisation's own state of things, as `user` may see it."""
        items = own_items(user, organisation)
        counts = list(items.values_list("post_id", "state").annotate(Count("pk")))
        campaign = current_campaign(organisation)
        cells = cells_of(campaign, organisation, counts) if campaign else []
        return cls(organisation, campaign, items, counts, channels_of(organisation), cells)

    def link(self, name: str, *more: object) -> str:
        """The address of a page of this organisation."""
        return reverse(name, args=[self.organisation.slug, *more])

    def count(self, states: Collection[str]) -> int:
        """How many items are in one of the states."""
        return sum(count for _post, state, count in self.counts if state in states)


def current_campaign(organisation: Organisation) -> Campaign | None:
    """The campaign that runs or comes next, else the one that ran last."""
    today = clock.now().astimezone(organisation.zone).date()
    campaigns = campaigns_of(organisation)
    coming = [campaign for campaign in campaigns if campaign.ends_on >= today]
    if coming:
        return min(coming, key=lambda campaign: campaign.starts_on)
    return max(campaigns, key=lambda campaign: campaign.ends_on, default=None)


def channels_of(organisation: Organisation) -> list[Channel]:
    """The organisation's channels, without what is secret."""
    own = Channel.objects.filter(organisation=organisation).order_by("network", "name")
    return list(own.select_related("connected_by").defer("credentials", "connected_by__password"))


def cells_of(campaign: Campaign, organisation: Organisation, counts: Counts) -> list[Cell]:
    """How each post stands: what has happened to its items, else whether there is a text to plan."""
    states: dict[int, set[str]] = {}
    for post_id, state, _count in counts:
        states.setdefault(post_id, set()).add(state)
    own = Q(organisation=organisation) | Q(is_source=True)
    texts = Translation.objects.filter(own, post=OuterRef("pk"), language__in=organisation.languages)
    posts = campaign.posts.annotate(written=Exists(texts)).order_by("number")
    url = address_by_number("schedule_post", organisation.slug)
    return [Cell(post, url(post.pk), *_standing(states.get(post.pk, set()), post.written)) for post in posts]  # type: ignore[attr-defined]  # annotated


def _standing(states: set[str], written: bool) -> tuple[str, str, str]:
    """The word, the look and what is missing of a post whose items are in these states."""
    if states & NEEDS_A_LOOK:
        return _("look"), "look", ""
    if State.WAITING in states:
        return _("by hand"), "hand", ""
    if State.HELD in states:
        return _("held"), "hold", ""
    if states & {State.SCHEDULED, State.PUBLISHING}:
        return _("planned"), "plan", ""
    if State.PUBLISHED in states:
        return _("out"), "ok", ""
    if State.DRAFT in states:
        return _("draft"), "none", ""
    return (_("to plan"), "none", "plan") if written else (_("no text"), "none", "text")


def next_step(view: Overview) -> Step:
    """The most urgent thing, by the order of STEPS."""
    return next((step for step in (find(view) for find in STEPS) if step), _all_done(view))


def _first(view: Overview, states: Collection[str]) -> ScheduledItem | None:
    """The earliest item in one of the states; looked up only where there is one."""
    if not view.count(states):
        return None
    shown = ("state", "post__number", "channel__name", "channel__network", "channel__server_limits")
    found = view.items.filter(state__in=states).select_related("post", "channel").only(*shown)
    return found.order_by("due_at", "pk").first()


def _needs_a_look(view: Overview) -> Step | None:
    item = _first(view, NEEDS_A_LOOK)
    if item is None:
        return None
    values = {"post": item.post.number, "network": item.channel.rules.name, "state": item.get_state_display()}
    return Step(
        _("Post %(post)d on %(network)s: %(state)s") % values,
        _("Chorus cannot end this by itself. It stays as it is until somebody decides."),
        _("Look at post %(post)d") % values,
        reverse("item_story", args=[item.pk]),
    )


def _reconnect(view: Overview) -> Step | None:
    channel = next((channel for channel in view.channels if channel.health == Health.RECONNECT), None)
    if channel is None:
        return None
    return Step(
        _("%(channel)s must be connected again") % {"channel": channel},
        _("Nothing goes out on this channel until then; what is planned there is held."),
        _("Look at the channels"),
        view.link("channel_list"),
    )


def _by_hand(view: Overview) -> Step | None:
    count = view.count({State.WAITING})
    if not count:
        return None
    return Step(
        ngettext("%(count)d post waits for your hand", "%(count)d posts wait for your hand", count) % {"count": count},
        _("The text and the pictures are ready. Copy them, post them on the network, and say that it is done."),
        _("Open the inbox"),
        view.link("inbox"),
    )


def _no_channel(view: Overview) -> Step | None:
    if any(channel.health != Health.DISCONNECTED for channel in view.channels):
        return None
    return Step(
        _("There is no channel yet"),
        _("A channel is an account on a network. Without one nothing can be planned."),
        _("Look at the channels"),
        view.link("channel_list"),
    )


def _without(view: Overview, missing: str) -> list[Post]:
    """The posts that lack this here."""
    return [cell.post for cell in view.cells if cell.missing == missing]


def _no_text(view: Overview) -> Step | None:
    posts = _without(view, "text")
    if not posts or view.campaign is None:
        return None
    values = {"post": posts[0].number, "language": language_name(view.organisation.language)}
    return Step(
        _("Post %(post)d has no text in your language yet") % values,
        _("It cannot be planned in “%(language)s” before somebody has written it.") % values,
        _("Write post %(post)d") % values,
        _where_to_write(view, view.campaign, posts[0]),
    )


def _where_to_write(view: Overview, campaign: Campaign, post: Post) -> str:
    """The source is written with the post, everything else beside the source."""
    language = view.organisation.language
    if view.organisation.pk == campaign.organiser_id and language == campaign.source_language:
        return view.link("post_edit", campaign.slug, post.number)
    return view.link("translation_edit", campaign.slug, language, post.number)


def _to_plan(view: Overview) -> Step | None:
    posts = _without(view, "plan")
    if not posts:
        return None
    values = {"post": posts[0].number, "title": posts[0].title}
    return Step(
        _("Post %(post)d is not planned yet") % values,
        _("“%(title)s” has a text. It goes out only when somebody chooses channels and a time.") % values,
        _("Plan post %(post)d") % values,
        view.link("schedule_post", posts[0].pk),
    )


def _draft(view: Overview) -> Step | None:
    item = _first(view, {State.DRAFT})
    if item is None:
        return None
    values = {"post": item.post.number, "channel": item.channel.name}
    return Step(
        _("Post %(post)d is a draft on %(channel)s") % values,
        _("A draft does not go out. Schedule it, or delete it."),
        _("Open the draft"),
        view.link("item_draft", item.pk),
    )


def _all_done(view: Overview) -> Step:
    left = view.count(set(State) - ENDED)
    text = ngettext("%(count)d item is planned.", "%(count)d items are planned.", left) % {"count": left}
    return Step(_("There is nothing to do now"), text, _("Open the queue"), view.link("queue"))


STEPS: tuple[Callable[[Overview], Step | None], ...] = (
    _needs_a_look,
    _reconnect,
    _by_hand,
    _no_channel,
    _draft,
    _no_text,
    _to_plan,
)
"""In the order of urgency."""
