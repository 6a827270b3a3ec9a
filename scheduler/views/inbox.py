"""The inbox: what people post by hand."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import in_organisation, person
from accounts.actors import actor_for
from accounts.models import Organisation
from accounts.permissions import Action, can
from campaign.models import Visual
from campaign.services.render import read_picture
from networks.base import Network
from scheduler import clock
from scheduler.forms import PostedForm
from scheduler.models import ScheduledItem, Segment
from scheduler.services import settle
from scheduler.services.errors import ConflictError, ScheduleError
from scheduler.states import State
from scheduler.views.items import own_item
from scheduler.views.paging import after, page_of
from scheduler.views.queue import own_items

PAGE = 20
"""Items on a page: each brings its whole text."""


@dataclass(frozen=True)
class ByHand:
    """A part as a person posts it. `warning` is its content warning; `copied` is what the button copies: the text, and
    in front of it the warning where the network has no field for one and both together fit (`is_within`)."""

    segment: Segment
    warning: str
    copied: str

    @property
    def is_within(self) -> bool:
        """Whether the warning is copied with the text."""
        return self.copied != self.segment.text


@dataclass(frozen=True)
class Handed:
    """An item in a person's hands: its frozen parts, and the form that says it is out."""

    item: ScheduledItem
    segments: list[Segment]
    form: PostedForm
    is_overdue: bool
    message: str = ""

    @property
    def parts(self) -> list[ByHand]:
        """The parts in order. Without a field for it, the warning of the text goes in front of the first one."""
        rules, lost = self.item.channel.rules, self.item.revision.warning
        if rules.limits.warning or not lost:
            return [ByHand(segment, segment.warning, segment.text) for segment in self.segments]
        return [
            _warned(segment, lost, rules) if not at else ByHand(segment, "", segment.text)
            for at, segment in enumerate(self.segments)
        ]

    @property
    def composer_url(self) -> str:
        """The network's own page to write a post on."""
        parts = self.parts
        return self.item.channel.rules.composer_url(parts[0].copied if parts else "")


def _warned(segment: Segment, warning: str, rules: Network) -> ByHand:
    both = f"{warning}\n\n{segment.text}"
    return ByHand(segment, warning, both if rules.fits(both) else segment.text)


@in_organisation(Action.READ)
@require_GET
def inbox(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The items that wait for a hand, the longest waiting first."""
    waiting = own_items(person(request), organisation).for_lists().filter(state=State.WAITING).order_by("due_at", "pk")
    shown, behind = page_of(after(waiting.prefetch_related("segments"), request.GET.get("after", "")), PAGE)
    now = clock.now()
    context = {
        "organisation": organisation,
        "handed": [_handed(item, now) for item in shown],
        "after": behind,
        "is_first": not request.GET.get("after"),
        "may": can(person(request), Action.SCHEDULE, organisation),
    }
    return render(request, "scheduler/inbox.html", context)


@in_organisation(Action.SCHEDULE)
@require_POST
def item_posted(request: HttpRequest, organisation: Organisation, item: int) -> HttpResponse:
    """«I posted it», with the address."""
    found = own_item(request, organisation, item)
    form = PostedForm(request.POST, item=found)
    if not form.is_valid():
        return _again(request, _handed(found, clock.now(), form), 422)
    chosen = form.cleaned_data
    try:
        settle.posted_by_hand(found.pk, chosen["url"], chosen["version"], actor_for(person(request), organisation))
    except ConflictError as error:
        return _again(request, _handed(own_item(request, organisation, item), clock.now(), message=error.message), 409)
    except ScheduleError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _again(request, _handed(found, clock.now(), form), 422)
    messages.success(request, _("Thank you. It stands in the publish log as posted by hand."))
    return redirect("inbox", organisation.slug)


@in_organisation(Action.READ)
@require_GET
def item_picture(request: HttpRequest, organisation: Organisation, item: int, digest: str) -> HttpResponse:
    """A picture of the item's post, to save."""
    found = own_item(request, organisation, item)
    visual = get_object_or_404(Visual.objects.filter(post=found.post, digest=digest)[:1])
    name = f"post-{found.post.number}.{visual.content_type.rpartition('/')[2]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(read_picture(str(visual.file.name)), content_type=visual.content_type, headers=headers)


def _handed(item: ScheduledItem, now: datetime, form: PostedForm | None = None, message: str = "") -> Handed:
    return Handed(item, list(item.segments.all()), form or PostedForm(item=item), item.expires_at < now, message)


def _again(request: HttpRequest, handed: Handed, status: int) -> HttpResponse:
    """The one item with what went wrong and what was typed."""
    organisation = handed.item.channel.organisation
    context = {"organisation": organisation, "handed": [handed], "may": True, "is_one": True}
    return render(request, "scheduler/inbox.html", context, status=status)
