"""The lines of the log's page: an entry in words, at the reader's time."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scheduler.models import PublishLogEntry
from scheduler.services.story import language_name, network_of, sentence
from scheduler.views.addresses import address_by_number


@dataclass(frozen=True)
class Line:
    """One entry as the page shows it; `moment` is for machines, `time` and `day` are for people."""

    entry: PublishLogEntry
    moment: str
    time: str
    day: str
    story: str
    post: str
    sentence: str
    network: str
    icon: str
    language: str


def lines_of(entries: Iterable[PublishLogEntry], zone: ZoneInfo) -> list[Line]:
    """Each entry as a line, in their order; the rows it points to must have come with it."""
    story = address_by_number("item_story")
    day_in_words = cache(lambda day: date_format(day, "SHORT_DAY"))  # the lines of a page share a few days
    lines = []
    for entry in entries:
        local = entry.at.astimezone(zone)
        network, icon = network_of(entry.network)
        line = Line(
            entry=entry,
            moment=local.isoformat(),
            time=f"{local:%H:%M:%S}",
            day=day_in_words(local.date()),
            story=story(entry.item_id),
            post=_("post %(number)s") % {"number": entry.post.number},
            sentence=sentence(entry),
            network=network,
            icon=icon,
            language=language_name(entry.language),
        )
        lines.append(line)
    return lines
