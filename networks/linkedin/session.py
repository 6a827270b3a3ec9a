"""Calls of LinkedIn's versioned REST API, its refusals in our words, and a token that lives 60 days.

A refresh token, which LinkedIn gives to approved apps only, lives 365 days from the first consent and is not renewed
itself (LinkedIn docs, Refresh Tokens, read 2026-11-23).
"""

import re
import time
from collections.abc import Callable, Mapping
from typing import NoReturn
from urllib.parse import urlsplit

from networks import tokens
from networks.base import SEND_TIMEOUT
from networks.connecting import App
from networks.content import Json
from networks.errors import (
    DuplicateError,
    LaterError,
    NetworkError,
    ReconnectError,
    RefusedError,
)
from networks.http import Answer, Http
from networks.linkedin.rules import LinkedIn

API = "https://api.linkedin.com"
WWW = "https://www.linkedin.com"
"""Consent and tokens live on another host than the API; with any other base address (tests, the demo) on the same."""

POST_URN = re.compile(r"urn:li:(?:share|ugcPost):[0-9]+")

QUOTA_WAIT = 3600.0
"""Seconds. LinkedIn's limits are by day and end at 00:00 UTC, its 429 names no time (docs, Rate limiting, read
2026-11-23); a shorter limit would end earlier, so it is tried again each hour."""


class Session:
    """Calls for one page. `credentials`: access_token, refresh_token (may be empty), expires_at, client_id,
    client_secret, organization (its URN)."""

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, str],
        on_refresh: Callable[[Mapping[str, str]], None] | None = None,
    ) -> None:
        self.credentials = dict(credentials)
        self.renewed: dict[str, str] | None = None
        self._on_refresh = on_refresh
        hidden = [credentials[name] for name in ("access_token", "refresh_token", "client_secret")]
        self.http = Http(base_url, secrets=hidden, wait=lambda headers, now: quota_wait(now))

    def ask(self, verb: str, path: str, *, json: Json = None, restli: str = "", expect: tuple[int, ...] = ()) -> Answer:
        """The answer of a call that may be repeated; renews the access token once where LinkedIn refuses it. A status
        in `expect` is no refusal."""
        answer = self._call(verb, path, json, restli)
        if answer.status == 401 and self._renewable:
            self.renew()
            answer = self._call(verb, path, json, restli)
        return self._checked(answer, expect)

    def post_once(self, path: str, json: Json, seconds: float) -> Answer:
        """The answer of the one irreversible call. Where the token turns out to be over, nothing was accepted: it is
        renewed, and LaterError asks to come again."""
        began = time.monotonic()
        answer = self._call("POST", path, json, "", irreversible=True, seconds=seconds)
        if answer.status == 401 and self._renewable:
            self.renew(max(1.0, seconds - (time.monotonic() - began)))
            raise LaterError("The access token was over; it has been renewed.", wait=0.0, code="token-renewed")
        return self._checked(answer, ())

    def put(self, url: str, data: bytes, kind: str) -> None:
        """Sends a picture's bytes where LinkedIn said; only to LinkedIn itself, or to the server of `base_url`."""
        _check_upload_address(url, self.http.base_url)
        parts = urlsplit(url)
        http = Http(f"{parts.scheme}://{parts.netloc}", secrets=[self.credentials["access_token"]])
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        answer = http.request("PUT", path, data=data, headers={**self._bearer, "Content-Type": kind})
        if not answer.ok:
            raise LaterError(f"LinkedIn did not take a picture ({answer.status}).", code=f"http-{answer.status}")

    def renew_in_time(self) -> None:
        """Renews the token where it ends soon. Raises ReconnectError or LaterError."""
        if tokens.ends_soon(self.credentials):
            self.renew()

    def renew(self, seconds: float = SEND_TIMEOUT) -> None:
        """Exchanges the refresh token for a new access token. Raises ReconnectError where it is refused."""
        app = App(self.credentials["client_id"], self.credentials["client_secret"])
        fields = {"grant_type": "refresh_token", "refresh_token": self.credentials["refresh_token"]}
        hidden = [app.client_secret, self.credentials["refresh_token"], self.credentials["access_token"]]
        http = Http(oauth_host(self.http.base_url), secrets=hidden)
        new = tokens.renew(http, TOKEN_PATH, fields | app_fields(app), seconds=seconds)
        same = {} if new.refresh else {"refresh_token": self.credentials["refresh_token"]}
        same |= (
            {} if new.refresh_expires_at else {"refresh_expires_at": self.credentials.get("refresh_expires_at", "0")}
        )
        self.credentials |= new.stored() | same
        self.renewed = dict(self.credentials)
        if self._on_refresh:
            self._on_refresh(self.renewed)

    @property
    def _renewable(self) -> bool:
        return bool(self.credentials["refresh_token"]) and not tokens.is_new(self.credentials)

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.credentials['access_token']}"}

    def _call(
        self,
        verb: str,
        path: str,
        json: Json,
        restli: str,
        *,
        irreversible: bool = False,
        seconds: float = SEND_TIMEOUT,
    ) -> Answer:
        headers = {**self._bearer, **VERSION_HEADERS, **({"X-RestLi-Method": restli} if restli else {})}
        return self.http.request(verb, path, json=json, headers=headers, irreversible=irreversible, timeout=seconds)

    def _checked(self, answer: Answer, expect: tuple[int, ...]) -> Answer:
        if not answer.ok and answer.status not in expect:
            refuse(answer, self.http)
        return answer


def refuse(answer: Answer, http: Http) -> NoReturn:
    """Raises what a status from 400 to 499 means."""
    told = answer.details()
    words, code = _words(answer, told, http)
    if answer.status == 426:
        raise ReconnectError(
            f"LinkedIn ended the version of its API that this Chorus speaks. {words}", code="version-ended"
        )
    if not told:
        raise LaterError(words, code=code)  # a proxy's page, not LinkedIn's word
    if answer.status in (401, 403):
        raise ReconnectError(words, code=code)
    if "DUPLICATE" in code.upper() or "duplicate of urn" in words:
        raise _duplicate(words)
    raise RefusedError(words, code=code)


def address_of(urn: str) -> str:
    """Where people read a post."""
    return f"{WWW}/feed/update/{urn}/"


def oauth_host(base_url: str) -> str:
    """The host of the consent page and of the tokens."""
    return WWW if base_url == API else base_url


def app_fields(app: App) -> dict[str, str]:
    """By what an app names itself at the token endpoint: in the form, not in a header."""
    return {"client_id": app.client_id, "client_secret": app.client_secret}


def quota_wait(now: float) -> float:
    """Seconds until the next try after a 429: an hour, or less where the day ends sooner; `now` is Unix time."""
    return min(QUOTA_WAIT, 86400.0 - now % 86400.0 + 1.0)


TOKEN_PATH = "/oauth/v2/accessToken"  # noqa: S105 - an address
VERSION_HEADERS = {"LinkedIn-Version": LinkedIn.api_version.version, "X-Restli-Protocol-Version": "2.0.0"}


def _duplicate(words: str) -> NetworkError:
    named = POST_URN.search(words)
    urn = named[0] if named else ""
    return DuplicateError(words, remote_id=urn, url=address_of(urn) if urn else "", code="DUPLICATE_POST")


def _words(answer: Answer, told: Mapping[str, Json], http: Http) -> tuple[str, str]:
    """LinkedIn's sentence, and its code: `code` in newer answers, `serviceErrorCode` in older ones."""
    message = told.get("message")
    words = http.redact(message) if isinstance(message, str) and message else f"{answer.request}: {answer.status}"
    code = told.get("code") or told.get("serviceErrorCode") or f"http-{answer.status}"
    return words, http.redact(str(code))[:60]


def _check_upload_address(url: str, base_url: str) -> None:
    parts, ours = urlsplit(url), urlsplit(base_url)
    host = parts.hostname or ""
    linkedins = parts.scheme == "https" and (host == "linkedin.com" or host.endswith((".linkedin.com", ".licdn.com")))
    if not linkedins and (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc):
        raise LaterError("LinkedIn named an address for a picture that is not its own.", code="upload-address")
