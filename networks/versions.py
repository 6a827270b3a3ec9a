"""Versions of APIs that networks end: the newest that we have read about, unless the operator names another one."""

import os
import re
from datetime import date

from networks.base import ApiVersion


def chosen(setting: str, newest: ApiVersion, pattern: str) -> ApiVersion:
    """The version that the environment's `setting` names, as `v27.0 2029-01-31` with the day on which it ends, else
    `newest`. `pattern` is how the network writes its versions.

    Raises ValueError where it is written in another way: an installation must not speak a version by accident.
    """
    given = os.environ.get(setting, "").strip()
    if not given:
        return newest
    match = re.fullmatch(rf"({pattern}) (\d{{4}}-\d\d-\d\d)", given)
    if match is None:
        example = f"{newest.version} {newest.ends}"
        raise ValueError(f"{setting} is {given!r}; it looks like «{example}», with the day it ends.")
    return ApiVersion(match[1], date.fromisoformat(match[2]), f"{setting}, set by the operator")
