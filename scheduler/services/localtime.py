"""From the time on somebody's wall to a moment, with the two days a year on which that is not plain."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Resolved:
    """`moment` is aware UTC. `note` says in words what was settled by a rule, else it is empty."""

    moment: datetime
    note: str = ""


def resolve(wall: datetime, zone: str) -> Resolved:
    """The moment of the naive wall time `wall` in the IANA zone `zone`. A time that exists twice means the first of
    the two; a time that is skipped means as much later as the clocks jump."""
    place = ZoneInfo(zone)
    city = zone.rpartition("/")[2].replace("_", " ")
    first = wall.replace(tzinfo=place, fold=0)
    second = wall.replace(tzinfo=place, fold=1)
    moment = first.astimezone(UTC)
    back = moment.astimezone(place).replace(tzinfo=None)
    if back != wall:
        note = f"On that day {wall:%H:%M} does not exist in {city}: the clocks go forward. It is taken as {back:%H:%M}."
        return Resolved(moment, note)
    if first.utcoffset() != second.utcoffset():
        later = second.astimezone(UTC) - moment
        return Resolved(moment, _twice(wall, city, later))
    return Resolved(moment)


def _twice(wall: datetime, city: str, later: timedelta) -> str:
    return (
        f"On that day {wall:%H:%M} comes twice in {city}, {later.seconds // 60} minutes apart: the clocks go back. "
        "The first one is taken."
    )
