"""Mastodon.py over our own session, and what its errors mean.

Three things of Mastodon.py 2.3 are kept at a distance (read in its source, 2026-11-24). It sleeps and repeats after a
429 unless told to throw. It asks an instance for its version before many calls, and asks 976 times where that fails,
so it is told one. And it takes an access token that is the path of a file for that file, so that an instance could
have our files sent to it by the token it gives: the token is set afterwards.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import mastodon

from networks.base import SEND_TIMEOUT
from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError, UnclearError
from networks.http import WAIT_LIMIT, Http, retry_after
from networks.library import LibrarySession, our_error
from networks.public_hosts import guarded_session

T = TypeVar("T")

OLDEST = "3.1.4"
"""The version with the call for pictures that we use; servers of other kinds with lower numbers have it too."""


class Client:
    """Calls for one account on one instance. Every method raises our errors alone."""

    def __init__(self, base_url: str, credentials: Mapping[str, str]) -> None:
        token = credentials["access_token"]
        http = Http(base_url, secrets=[token], session=guarded_session(), wait=wait_of)
        self.http = http
        self.session = LibrarySession(http, instead_of=http.base_url)
        self.library = mastodon.Mastodon(
            api_base_url=http.base_url,
            session=self.session,
            user_agent="Chorus",
            ratelimit_method="throw",
            request_timeout=SEND_TIMEOUT,
            mastodon_version=told_version(credentials.get("version", "")),
            version_check_mode="created",
        )
        self.library.access_token = token

    def call(self, ask: Callable[[mastodon.Mastodon], T]) -> T:
        """What `ask` gets from the library; may be repeated. Raises NotFoundError where there is no such thing."""
        return self._called(ask, irreversible=False)

    def call_once(self, ask: Callable[[mastodon.Mastodon], T], seconds: float) -> T:
        """The one irreversible call, within `seconds`."""
        with self.session.once(seconds):
            return self._called(ask, irreversible=True)

    def _called(self, ask: Callable[[mastodon.Mastodon], T], *, irreversible: bool) -> T:
        try:
            return ask(self.library)
        except Exception as error:  # whatever the library makes of an answer that it did not expect
            problem = our_error(error) or self._meaning(error, irreversible)
        # Raised outside the except block, so that no exception of the library with an answer in it hangs on to ours.
        raise problem

    def _meaning(self, error: Exception, irreversible: bool) -> NetworkError:
        """Of an answer below 500 that is no 429. Without the `error` that Mastodon gives, something else answered; only
        a 401 always says that the request was not carried out (RFC 9110 §15.5.2, and snac says no more)."""
        status, words = _said(error)
        told = self.http.redact(words) if words else f"The instance answered {status or 'something unreadable'}."
        kind: type[NetworkError] = UnclearError if irreversible else LaterError
        if words or status == 401:
            kind = MEANINGS.get(status, kind)
        return kind(told, code=f"http-{status}" if status else "unreadable")


class NotFoundError(RefusedError):
    """There is no such post or picture (any more)."""


MEANINGS: dict[int, type[NetworkError]] = {
    400: RefusedError,
    401: ReconnectError,
    403: ReconnectError,
    404: NotFoundError,
    410: NotFoundError,
    413: RefusedError,
    415: RefusedError,
    422: RefusedError,
}
"""What a status means when it is the instance that says it."""

INVENTED = "Endpoint not found."
"""What the library puts where a 404 says nothing: a server without that call, which has not deleted anything."""


def told_version(version: str) -> str:
    """What the library is told: the instance's own version, or the oldest that has all our calls."""
    try:
        numbers = tuple(int(part) for part in version.split("."))
    except ValueError:
        return OLDEST
    return version if len(numbers) == 3 and numbers >= (3, 1, 4) else OLDEST


def wait_of(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait after a 429: by `Retry-After`, else by the moment in `X-RateLimit-Reset`, which counts on the
    instance's own clock (docs.joinmastodon.org, Rate limits, read 2026-11-24)."""
    reset = _moment(headers.get("X-RateLimit-Reset", ""))
    if headers.get("Retry-After") or reset is None:
        return retry_after(headers, now)
    try:
        there = parsedate_to_datetime(headers.get("Date", "")).timestamp()
    except ValueError:
        there = now
    return min(max(reset - there, 0.0), WAIT_LIMIT)


def _moment(value: str) -> float | None:
    """Unix time of an ISO 8601 moment or of plain seconds (GoToSocial); None where it is neither."""
    if value.isdecimal():
        return float(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _said(error: Exception) -> tuple[int, str]:
    """Status and words of an answer that the library calls an error; 0 and nothing where there was none of its kind."""
    parts: tuple[Any, ...] = error.args
    if isinstance(error, mastodon.MastodonError) and len(parts) == 4 and isinstance(parts[1], int):
        return parts[1], parts[3] if isinstance(parts[3], str) and parts[3] != INVENTED else ""
    return 0, ""
