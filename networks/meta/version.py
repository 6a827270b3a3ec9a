"""Which version of the Graph API is spoken. A call without one would get the oldest that the app may use."""

from datetime import date

from networks.base import ApiVersion
from networks.versions import chosen

NEWEST_READ = ApiVersion(
    version="v26.0",
    ends=date(2028, 7, 29),
    source=(
        "developers.facebook.com, Graph API changelog: v26.0 came on 2026-07-29, read 2026-11-23; Platform Versioning: a "
        "version works until two years after the next one came, read 2026-11-24. There is no next one yet, so this is "
        "the earliest day."
    ),
)

GRAPH = chosen("CHORUS_GRAPH_VERSION", NEWEST_READ, r"v\d{1,3}\.\d")
