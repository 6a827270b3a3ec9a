"""Planning a post: what goes out where, as the network will show it, and when."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import in_organisation, person
from accounts.actors import Actor, actor_for
from accounts.models import Organisation
from accounts.permissions import Action
from campaign.models import Campaign, Post
from campaign.services.render import read_picture
from networks.content import Segment
from scheduler.forms import ScheduleForm, proposed
from scheduler.models import Channel, ScheduledItem
from scheduler.services import budget, localtime
from scheduler.services.errors import AlreadyPlannedError, ScheduleError
from scheduler.services.schedule import Preview, Wish, keep_draft, preview, schedule

Plan = Callable[[Wish, Actor], ScheduledItem]


@dataclass(frozen=True)
class Part:
    """One part as it goes out, with its length as the network counts."""

    segment: Segment
    length: int


@dataclass(frozen=True)
class Card:
    """A preview on one channel."""

    channel: Channel
    preview: Preview

    @property
    def parts(self) -> list[Part]:
        """The parts, each with its length."""
        rendering = self.preview.rendering
        if rendering is None:
            return []
        return [Part(*pair) for pair in zip(rendering.segments, rendering.lengths, strict=True)]

    @property
    def lost_warning(self) -> str:
        """The content warning of the text where the network has no field for one."""
        revision = self.preview.revision
        return revision.warning if revision and not self.channel.rules.limits.warning else ""

    @property
    def cost(self) -> budget.Cost | None:
        """What sending it costs; None where it costs nothing, or cannot be rendered."""
        rendering = self.preview.rendering
        return budget.cost(self.channel, rendering.segments) if rendering else None


@in_organisation(Action.SCHEDULE)
@require_http_methods(["GET", "POST"])
def schedule_post(request: HttpRequest, organisation: Organisation, post: int) -> HttpResponse:
    """The form with a preview for each chosen channel; `intent` is to `preview`, to keep a `draft`, else to plan."""
    found = _own_post(request, organisation, post)
    if request.method == "GET":
        return _first_look(request, organisation, found)
    form = ScheduleForm(request.POST, organisation=organisation, user=person(request), post=found)
    valid = form.is_valid()
    intent = request.POST.get("intent")
    if intent == "preview":
        return _look(request, found, form)
    if not valid:
        return _page(request, found, form, 422)
    try:
        act = keep_draft if intent == "draft" else schedule
        items = _plan_all(act, form, found, actor_for(person(request), organisation))
    except ScheduleError as error:
        form.blame(error.field, error.message)
        return _page(request, found, form, 422, error)
    _say(request, form, items, is_draft=intent == "draft")
    return redirect("queue", organisation.slug)


def _first_look(request: HttpRequest, organisation: Organisation, post: Post) -> HttpResponse:
    """The page as it opens: a plan that could be sent as it stands, and how the post would look on every channel.
    The address may name another beginning (`?day=2031-06-02&channels=7`)."""
    usable = list(Channel.objects.usable_by(person(request)).filter(organisation=organisation))
    asked = {name: request.GET.getlist(name) if name == "channels" else request.GET[name] for name in request.GET}
    initial = {**proposed(organisation, usable), **asked}
    form = ScheduleForm(organisation=organisation, user=person(request), post=post, initial=initial)
    chosen = {str(pk) for pk in initial["channels"]}
    usable.sort(key=lambda channel: str(channel.pk) not in chosen)
    cards = [Card(channel, preview(post, channel, initial["language"])) for channel in usable]
    context = {"organisation": organisation, "post": post, "form": form, "cards": cards, "first": True}
    return render(request, "scheduler/schedule_post.html", context)


@in_organisation(Action.READ)
@require_GET
def post_picture(request: HttpRequest, organisation: Organisation, post: int, digest: str) -> HttpResponse:
    """A picture of a post, for a preview; pictures are not public before their post is out."""
    visual = _own_post(request, organisation, post).visuals.filter(digest=digest)[:1]
    found = get_object_or_404(visual)
    return HttpResponse(read_picture(str(found.file.name)), content_type=found.content_type)


def _own_post(request: HttpRequest, organisation: Organisation, post: int) -> Post:
    own = Post.objects.visible_to(person(request)).filter(campaign__in=Campaign.objects.of(organisation))
    return get_object_or_404(own.select_related("campaign"), pk=post)


def _plan_all(act: Plan, form: ScheduleForm, post: Post, actor: Actor) -> list[ScheduledItem]:
    """All chosen channels or none."""
    chosen = form.cleaned_data
    wishes = [Wish(post, channel, chosen["language"], form.wall, chosen["accepted"]) for channel in chosen["channels"]]
    with transaction.atomic():
        return [_plan_named(act, wish, actor, chosen["repeat"]) for wish in wishes]


def _plan_named(act: Plan, wish: Wish, actor: Actor, repeat: bool) -> ScheduledItem:
    """Plans it; a refusal says which of the channels it is about."""
    try:
        return _plan(act, wish, actor, repeat)
    except ScheduleError as error:
        if error.field == "channel":
            error.message = f"{wish.channel}: {error.message}"
        raise


def _plan(act: Plan, wish: Wish, actor: Actor, repeat: bool) -> ScheduledItem:
    """Plans it; a deliberate repeat takes the first occurrence that is free."""
    try:
        with transaction.atomic():
            return act(wish, actor)
    except AlreadyPlannedError as planned:
        if not repeat:
            raise
        return _plan(act, replace(wish, occurrence=max(wish.occurrence, planned.item.occurrence) + 1), actor, repeat)


def _cards(form: ScheduleForm, post: Post) -> list[Card]:
    """Previews for whatever of the form is usable; a time is not needed for one."""
    chosen = form.cleaned_data if form.is_bound else {}
    language = chosen.get("language")
    if not language:
        return []
    return [Card(channel, preview(post, channel, language)) for channel in chosen.get("channels", [])]


def _look(request: HttpRequest, post: Post, form: ScheduleForm) -> HttpResponse:
    """The previews alone for htmx, else the page with them; a day that is not chosen yet is no mistake here."""
    cards = _cards(form, post)
    template = "_schedule_previews.html" if request.htmx else "schedule_post.html"  # type: ignore[attr-defined]  # set by HtmxMiddleware
    form.errors.clear()
    context = {"organisation": form.organisation, "post": post, "form": form, "cards": cards, "looked": True}
    return render(request, f"scheduler/{template}", context)


def _page(
    request: HttpRequest, post: Post, form: ScheduleForm, status: int, error: ScheduleError | None = None
) -> HttpResponse:
    planned = error.item if isinstance(error, AlreadyPlannedError) else None
    cards = _cards(form, post)
    context = {"organisation": form.organisation, "post": post, "form": form, "cards": cards, "planned": planned}
    return render(request, "scheduler/schedule_post.html", context, status=status)


def _say(request: HttpRequest, form: ScheduleForm, items: list[ScheduledItem], *, is_draft: bool) -> None:
    count = len(items)
    if is_draft:
        kept = ngettext("Kept as a draft.", "Kept as %(count)d drafts.", count) % {"count": count}
        messages.success(request, f"{kept} {_('It does not go out until somebody schedules it.')}")
        return
    done = ngettext("Planned on %(count)d channel.", "Planned on %(count)d channels.", count) % {"count": count}
    note = localtime.resolve(form.wall, form.organisation.time_zone).note
    messages.success(request, " ".join(filter(None, [done, note, _("It stands in the queue below.")])))
