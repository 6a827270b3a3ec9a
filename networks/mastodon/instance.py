"""What an instance says of itself: its version, its limits, and whether it keeps to Idempotency-Key."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from networks.content import Json
from networks.errors import LaterError
from networks.http import Http
from networks.mastodon.rules import PICTURE_TYPES

LEAST, MOST = 1, 1_000_000_000
"""What an instance's number must lie between to be believed."""

_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})")


def instance_of(http: Http) -> dict[str, Json]:
    """The instance's own answer, by the second version of the call or, where there is none, the first.

    Raises LaterError where it gave no usable answer. A server that knows neither answers with nothing.
    """
    for path in ("/api/v2/instance", "/api/v1/instance"):
        answer = http.request("GET", path)
        if answer.ok:
            return answer.json()
        if answer.status not in (401, 403, 404, 410):
            raise LaterError(f"{answer.request}: {answer.status}", code=f"http-{answer.status}")
    return {}


def limits_of(instance: Mapping[str, Json], host: str) -> dict[str, Json]:
    """The limits as `Mastodon.with_limits` takes them; a value that is missing or absurd is left out."""
    configuration = _part(instance, "configuration")
    statuses, media = _part(configuration, "statuses"), _part(configuration, "media_attachments")
    told: dict[str, Json] = {
        "text": _number(statuses.get("max_characters") or instance.get("max_toot_chars")),
        "pictures": _number(statuses.get("max_media_attachments")),
        "link": _number(statuses.get("characters_reserved_per_url")),
        "picture_bytes": _number(media.get("image_size_limit")),
        "alt": _number(media.get("description_limit")),
        "picture_types": _types(media.get("supported_mime_types")),
    }
    known = {name: value for name, value in told.items() if value}
    return {**known, "host": host, "read": datetime.now(UTC).date().isoformat()} if known else {}


def version_of(instance: Mapping[str, Json]) -> str:
    """The version in three numbers, empty where there is none to be read."""
    found = _VERSION.search(str(instance.get("version", "")))
    return found.group() if found else ""


def keeps_keys(instance: Mapping[str, Json]) -> bool:
    """Whether this is Mastodon itself, which keeps an Idempotency-Key for an hour.

    Others name themselves behind Mastodon's number («4.2.0 (compatible; Pleroma 2.9)») or have a low number of their
    own (GoToSocial), and nobody promises the key for them: snac made two posts of one key (tried 2026-11-23).
    """
    version = str(instance.get("version", ""))
    found = _VERSION.match(version)
    return bool(found and int(found.group(1)) >= 3 and not set("( ") & set(version))


def _part(fields: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    part = fields.get(name)
    return part if isinstance(part, dict) else {}


def _number(value: Json) -> int:
    return value if isinstance(value, int) and LEAST <= value <= MOST else 0


def _types(value: Json) -> list[str]:
    """Of what the instance takes, what this adapter sends."""
    return [kind for kind in PICTURE_TYPES if kind in value] if isinstance(value, list) else []
