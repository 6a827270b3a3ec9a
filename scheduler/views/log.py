"""The publish log: its lines, the story of an item, and the log as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import person
from accounts.models import User
from campaign.services.render import read_picture
from scheduler import clock
from scheduler.log_forms import LogFilter, SettleForm, forms_for, in_tab, is_filtered, seen_by, tab_of, zone_of
from scheduler.models import ScheduledItem
from scheduler.services.export import csv_lines, json_lines
from scheduler.services.item_story import meaning, parts, told
from scheduler.services.story import language_name, network_of
from scheduler.views.log_lines import lines_of

PAGE = 30
"""Lines on a page; the next page begins below the last line's id, so that no page counts rows."""

KINDS = {"csv": ("text/csv; charset=utf-8", csv_lines), "json": ("application/json", json_lines)}


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The lines the person may see, newest first. The filter is made only where it narrows them or stands open: its
    eight fields take as long as the lines."""
    asked = "filter" in request.GET or is_filtered(request.GET)
    return _page(request, LogFilter(request.GET, person(request)) if asked else None)


@require_safe
def log_filter(request: HttpRequest) -> HttpResponse:
    """The filter's fields, which the page asks for when somebody opens it."""
    form = LogFilter(request.GET, person(request))
    context = {"form": form, "tab": tab_of(request.GET.get("show", "")), "filtered": is_filtered(form.data)}
    return render(request, "log/_filter_form.html", context)


@require_safe
def log_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same lines as a file, streamed; a filter with a mistake answers with the page that says so."""
    user = person(request)
    form = LogFilter(request.GET, user)
    if not form.is_valid():
        return _page(request, form)
    content_type, write = KINDS[kind]
    entries = in_tab(form.entries(), request.GET.get("show", ""))
    name = f"publish-log-{clock.now().astimezone(zone_of(user)):%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(write(entries), content_type=content_type, headers=headers)


@require_safe
def item_story(request: HttpRequest, item: int) -> HttpResponse:
    """Everything that happened to one item."""
    return story_page(request, visible_item(person(request), item))


@require_safe
def log_picture(request: HttpRequest, item: int, digest: str) -> HttpResponse:
    """A picture exactly as it was frozen for this item."""
    segments = visible_item(person(request), item).segments.all()
    found = [picture for segment in segments for picture in segment.pictures if picture["digest"] == digest]
    if not found:
        raise Http404
    try:
        content = read_picture(found[0]["name"])
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(content, content_type=found[0]["content_type"], headers={"X-Content-Type-Options": "nosniff"})


def visible_item(user: User, pk: int) -> ScheduledItem:
    """The item, if it is any of the person's business; raises Http404 otherwise."""
    return get_object_or_404(ScheduledItem.objects.visible_to(user).for_lists(), pk=pk)


def story_page(
    request: HttpRequest,
    item: ScheduledItem,
    bound: tuple[str, SettleForm] | None = None,
    *,
    status: int = 200,
    **context: Any,  # noqa: ANN401 - what the template shows besides
) -> HttpResponse:
    """The story; `bound` is the form that was sent and could not be done, under its name."""
    may_settle = ScheduledItem.objects.settleable_by(person(request)).filter(pk=item.pk).exists()
    ways = forms_for(item) if may_settle else {}
    if bound and bound[0] in ways:
        ways[bound[0]] = bound[1]
    network, icon = network_of(item.channel.network)
    context |= {"item": item, "meaning": meaning(item), "told": told(item), "parts": parts(item), "ways": ways}
    context |= {"network": network, "icon": icon, "language": language_name(item.language)}
    context |= {"home": item.channel.organisation, "opened": bound[0] if bound else ""}
    return render(request, "log/story.html", context, status=status)


def _page(request: HttpRequest, form: LogFilter | None) -> HttpResponse:
    """One page of lines; 422 where the filter has a mistake."""
    user, tab = person(request), tab_of(request.GET.get("show", ""))
    entries = in_tab(form.entries() if form else seen_by(user), tab).for_lists()
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    found = list(entries[: PAGE + 1])
    shown = found[:PAGE]
    zone = zone_of(user)
    context = {
        "form": form,
        "tab": tab,
        "lines": lines_of(shown, zone),
        "place": zone.key.rpartition("/")[2].replace("_", " "),
        "older": shown[-1].pk if len(found) > PAGE else None,
        "filtered": is_filtered(request.GET),
    }
    return render(request, "log/log.html", context, status=422 if form and form.errors else 200)
