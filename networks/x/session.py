"""tweepy's Client over the one HTTP seam, its failures in our words, and tokens that live two hours.

A refresh token of X is used once: what comes of a renewal is told to `on_refresh` before anything else (its rotation
is documented by OAuth libraries, not by X; read 2026-11-23).
"""

import logging
import time
from collections.abc import Callable, Mapping
from typing import NoReturn

import requests
import tweepy

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
    UnclearError,
)
from networks.http import WAIT_LIMIT, Http, retry_after
from networks.library import LibrarySession

TWEEPY_HOST = "https://api.twitter.com"
"""What tweepy 4.17 has written into its code."""

CREDITS_WAIT = 3600.0
"""Seconds for a channel to wait when the app's money at X is used up; somebody has to buy more."""

NOT_ALLOWED = ("client-forbidden", "client-not-enrolled", "unsupported-authentication", "oauth1-permissions")
"""The ends of problem types by which X says that the app may not do this at all."""

Fields = dict[str, Json]
Call = Callable[[tweepy.Client], requests.Response]


class Session:
    """Calls for one account. `credentials`: access_token, refresh_token, expires_at, user_id, username, client_id,
    client_secret."""

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, str],
        on_refresh: Callable[[Mapping[str, str]], None] | None = None,
    ) -> None:
        self.credentials = dict(credentials)
        self.renewed: dict[str, str] | None = None
        hidden = [credentials[name] for name in ("access_token", "refresh_token", "client_secret")]
        self.http = Http(base_url, secrets=hidden, wait=wait_of)
        self.library = LibrarySession(self.http, instead_of=TWEEPY_HOST)
        self._on_refresh = on_refresh

    def ask(self, call: Call) -> Fields:
        """The fields of a call that may be repeated; renews the access token once where X refuses it."""
        try:
            return self._call(call, irreversible=False)
        except ReconnectError as error:
            if error.code != "http-401" or tokens.is_new(self.credentials):
                raise
        self.renew()
        return self._call(call, irreversible=False)

    def ask_once(self, call: Call, seconds: float) -> Fields:
        """The fields of the one irreversible call. Where the token turns out to be over, nothing was accepted: it is
        renewed, and LaterError asks to come again."""
        began = time.monotonic()
        try:
            with self.library.once(seconds):
                return self._call(call, irreversible=True)
        except ReconnectError as error:
            if error.code != "http-401" or tokens.is_new(self.credentials):
                raise
        self.renew(max(1.0, seconds - (time.monotonic() - began)))
        raise LaterError("The access token was over; it has been renewed.", wait=0.0, code="token-renewed")

    def renew_in_time(self) -> None:
        """Renews the tokens where the access token ends soon. Raises ReconnectError or LaterError."""
        if tokens.ends_soon(self.credentials):
            self.renew()

    def renew(self, seconds: float = SEND_TIMEOUT) -> None:
        """Exchanges the refresh token for a new pair. Raises ReconnectError where there is none or it is refused."""
        if not self.credentials["refresh_token"]:
            raise ReconnectError("X does not take the token any more, and there is none to renew it with.")
        app = App(self.credentials["client_id"], self.credentials["client_secret"])
        fields = {"grant_type": "refresh_token", "refresh_token": self.credentials["refresh_token"]}
        new = tokens.renew(self.http, *token_call(app, fields), seconds=seconds)
        kept = {} if new.refresh else {"refresh_token": self.credentials["refresh_token"]}
        self.credentials |= new.stored() | kept
        self.renewed = dict(self.credentials)
        if self._on_refresh:
            self._on_refresh(self.renewed)

    def _call(self, call: Call, *, irreversible: bool) -> Fields:
        """The fields of a good answer, whatever tweepy makes of a bad one."""
        client = tweepy.Client(bearer_token=self.credentials["access_token"], return_type=requests.Response)
        client.session = self.library
        try:
            response = call(client)
        except NetworkError:
            raise
        except tweepy.HTTPException as error:
            response = error.response
        except (AttributeError, TypeError, ValueError, KeyError):
            # tweepy fails over an error whose body is a list, or whose `errors` is null (4.17, tried 2026-11-23).
            raise _unreadable(irreversible=irreversible) from None
        if response.status_code >= 400:
            self._refuse(response)
        return read(response, irreversible=irreversible)

    def _refuse(self, response: requests.Response) -> NoReturn:
        """Raises what a status from 400 to 499 means."""
        status, told = response.status_code, _fields(response) or {}
        words = self.http.redact(_words(told)) or f"X answered {status}."
        kind = str(told.get("type", "")).rpartition("/")[2]
        code = kind if kind and kind != "about:blank" else f"http-{status}"
        if status == 401:
            raise ReconnectError(words, code="http-401")
        if status == 402 or "usage-capped" in kind or "credits" in kind:
            raise LaterError(
                f"The app's credits at X are used up; its owner has to buy more. {words}",
                wait=CREDITS_WAIT,
                of="channel",
                code="credits-used-up",
            )
        if status == 403:
            raise _forbidden(words, kind, code)
        if not told:
            raise LaterError(words, code=code)  # a proxy's page, not X's word
        raise RefusedError(words, code=code)


def read(response: requests.Response, *, irreversible: bool) -> Fields:
    """The fields of a 2xx. Raises UnclearError (irreversible) or LaterError where it is no JSON object."""
    fields = _fields(response)
    if fields is None:
        raise _unreadable(irreversible=irreversible)
    return fields


def token_call(app: App, fields: Mapping[str, str]) -> tuple[str, dict[str, str], dict[str, str]]:
    """Path, fields and headers of a call to the token endpoint: an app with a secret names itself in a header, one
    without in the fields (docs.x.com, OAuth 2.0, read 2026-11-23)."""
    if app.client_secret:
        return "/2/oauth2/token", dict(fields), tokens.basic(app)
    return "/2/oauth2/token", {**fields, "client_id": app.client_id}, {}


def wait_of(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait by the headers of a 429: `x-rate-limit-reset` is Unix time; of the limits by day those whose rest
    is 0 count too."""
    spent = [who for who in ("app", "user") if headers.get(f"x-{who}-limit-24hour-remaining") == "0"]
    names = ["x-rate-limit-reset", *(f"x-{who}-limit-24hour-reset" for who in spent)]
    waits = [float(headers[name]) - now for name in names if headers.get(name, "").isdecimal()]
    return min(max(*waits, 1.0), WAIT_LIMIT) if waits else retry_after(headers, now)


def _forbidden(words: str, kind: str, code: str) -> NetworkError:
    if "duplicate content" in words.lower():
        return DuplicateError(words, code="duplicate")
    if kind in NOT_ALLOWED or any(word in words.lower() for word in ("suspended", "locked", "scope")):
        return ReconnectError(words, code=code)
    return RefusedError(words, code=code)


def _unreadable(*, irreversible: bool) -> UnclearError | LaterError:
    return (UnclearError if irreversible else LaterError)("X's answer cannot be read.", code="unreadable")


def _fields(response: requests.Response) -> Fields | None:
    try:
        fields = response.json()
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def _words(told: Mapping[str, Json]) -> str:
    """X's own sentence: `detail`, or that of the first error."""
    errors = told.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    words = [told.get("detail"), first.get("detail"), first.get("message"), told.get("title")]
    return next((word for word in words if isinstance(word, str) and word), "")


class _NoHeaders(logging.Filter):
    """Keeps tweepy's debug lines out of every log: they hold the Authorization header and whole bodies."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


logging.getLogger("tweepy.client").addFilter(_NoHeaders())
