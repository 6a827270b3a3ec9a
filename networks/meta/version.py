"""Which version of the Graph API is spoken. A call without one would get the oldest that the app may use."""

import os
import re
from datetime import date

from networks.base import ApiVersion

NEWEST_READ = ApiVersion(
    version="v26.0",
    ends=date(2028, 7, 29),
    source=(
        "developers.facebook.com, Graph API changelog: v26.0 came on 2026-07-29, read 2026-11-23; Platform Versioning: a "
        "version works until two years after the next one came, read 2026-11-24. There is no next one yet, so this is "
        "the earliest day."
    ),
)

_GIVEN = re.compile(r"(v\d{1,3}\.\d) (\d{4}-\d\d-\d\d)")


def chosen(given: str) -> ApiVersion:
    """The version that the operator names, as `v27.0 2029-01-31` with its end date, else the newest that we have read.

    Raises ValueError where it is written in another way: an installation must not speak a version by accident.
    """
    if not given:
        return NEWEST_READ
    match = _GIVEN.fullmatch(given.strip())
    if match is None:
        raise ValueError(f"CHORUS_GRAPH_VERSION is {given!r}; it looks like «v27.0 2029-01-31», with the day it ends.")
    return ApiVersion(match[1], date.fromisoformat(match[2]), "CHORUS_GRAPH_VERSION, set by the operator")


GRAPH = chosen(os.environ.get("CHORUS_GRAPH_VERSION", ""))
