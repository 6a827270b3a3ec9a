"""The token endpoint of OAuth 2.0 (RFC 6749), over the one HTTP seam: a code or a refresh token for an access token.

Authlib makes the addresses and the fields; its own session is not used for the call, because it would go past the seam.
"""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from networks.base import SEND_TIMEOUT
from networks.connecting import App
from networks.content import Json
from networks.errors import LaterError, ReconnectError, RefusedError
from networks.http import Answer, Http

RENEW_BEFORE = 600.0
"""Seconds before its end at which an access token is renewed unasked."""

JUST_NOW = 60.0
"""Seconds for which a renewed token counts as new: refused within them, it will be refused again."""


@dataclass(frozen=True)
class Tokens:
    """What a token endpoint gave. Moments are Unix time, 0 where the network named none."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: float
    refresh_expires_at: float
    scopes: tuple[str, ...]

    @property
    def end(self) -> datetime | None:
        """When nothing can be renewed any more: the refresh token's end, or without one the access token's."""
        last = self.refresh_expires_at if self.refresh else self.expires_at
        return datetime.fromtimestamp(last, UTC) if last else None

    def stored(self) -> dict[str, str]:
        """The credentials that these tokens are."""
        return {
            "access_token": self.access,
            "refresh_token": self.refresh,
            "expires_at": str(int(self.expires_at)),
            "refresh_expires_at": str(int(self.refresh_expires_at)),
            "renewed_at": str(int(time.time())),
        }


def exchange(http: Http, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Tokens:
    """The tokens for a code. Raises RefusedError with the network's words, or LaterError."""
    answer = post_form(http, path, fields, headers)
    if not answer.ok:
        code, words = _refusal(answer, http)
        raise RefusedError(f"The network did not accept the consent: {words}", code=code)
    return _tokens(answer)


def renew(
    http: Http,
    path: str,
    fields: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float = SEND_TIMEOUT,
) -> Tokens:
    """The tokens for a refresh token. Raises ReconnectError where it is refused, or LaterError."""
    answer = post_form(http, path, fields, headers, seconds)
    if not answer.ok:
        code, words = _refusal(answer, http)
        raise ReconnectError(f"The connection could not be renewed: {words}", code=code)
    return _tokens(answer)


def basic(app: App) -> dict[str, str]:
    """The header by which an app with a secret names itself (RFC 6749 §2.3.1)."""
    pair = f"{quote(app.client_id, safe='')}:{quote(app.client_secret, safe='')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def ends_soon(credentials: Mapping[str, str]) -> bool:
    """Whether the access token ends within RENEW_BEFORE and there is a refresh token."""
    end = float(credentials.get("expires_at") or 0)
    return bool(credentials.get("refresh_token")) and bool(end) and end - time.time() < RENEW_BEFORE


def is_new(credentials: Mapping[str, str]) -> bool:
    """Whether the access token was given a moment ago."""
    return time.time() - float(credentials.get("renewed_at") or 0) < JUST_NOW


def post_form(
    http: Http,
    path: str,
    fields: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
    seconds: float = SEND_TIMEOUT,
) -> Answer:
    """One form to an endpoint of OAuth; the answer whatever it says."""
    kind = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    return http.request("POST", path, data=urlencode(fields).encode(), headers=kind, timeout=seconds)


def _refusal(answer: Answer, http: Http) -> tuple[str, str]:
    """The code and the words of RFC 6749 §5.2. Raises LaterError where it was something else that answered."""
    details = answer.details()
    code = details.get("error")
    if not isinstance(code, str):
        raise LaterError(f"{answer.request}: {answer.status}", code=f"http-{answer.status}")
    words = details.get("error_description")
    return http.redact(code)[:60], http.redact(words if isinstance(words, str) else code)


def _tokens(answer: Answer) -> Tokens:
    fields = answer.json()
    access = fields.get("access_token")
    if not isinstance(access, str) or not access:
        raise LaterError(f"{answer.request}: the answer lacks a token", code="unreadable")
    now = time.time()
    scope = str(fields.get("scope") or "")
    return Tokens(
        access,
        str(fields.get("refresh_token") or ""),
        _end(fields.get("expires_in"), now),
        _end(fields.get("refresh_token_expires_in"), now),
        tuple(scope.replace(",", " ").split()),
    )


def _end(seconds: Json, now: float) -> float:
    return now + seconds if isinstance(seconds, int | float) and seconds > 0 else 0.0
