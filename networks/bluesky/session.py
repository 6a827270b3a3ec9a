"""Signing in to a PDS by app password, calls with the tokens it gave, and keeping those tokens alive.

Access tokens live two hours; a refresh gives a new pair and ends the old one (after a grace of two hours on
Bluesky's own PDS 0.5.35, read in its source 2026-11-24; others may give none). Signing in is limited to 30 in five
minutes and 300 a day for an account (docs.bsky.app, Rate limits, read 2026-11-23), so tokens are stored, and the
app password is not.
"""

import base64
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NoReturn

from networks.base import SEND_TIMEOUT
from networks.content import Account, Json
from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError
from networks.http import Answer, Http
from networks.public_hosts import checked_address, guarded_session, require_public

RENEW_BEFORE = 600.0
"""Seconds before its end at which an access token is renewed unasked."""

DEAD = frozenset(
    {
        "AccountDeactivated",
        "AccountSuspended",
        "AccountTakedown",
        "AuthMissing",
        "AuthenticationRequired",
        "ExpiredToken",
        "InvalidToken",
    }
)
"""Errors by which a server says that the credential or its account is of no use any more."""

Credentials = Mapping[str, str]
"""did, handle, pds (the address of the account's own server), access_jwt, refresh_jwt."""


def connect(base_url: str, identifier: str, app_password: str) -> tuple[dict[str, str], Account]:
    """Signs in and returns what to store, and whose account it is.

    From then on the address is `credentials["pds"]`: bsky.social is only the entrance, the account lives elsewhere.

    Raises RefusedError with a sentence for the person who typed it, LaterError where the server cannot be reached.
    """
    http = Http(require_public(base_url), secrets=[app_password], session=guarded_session())
    body = {"identifier": identifier.strip().removeprefix("@"), "password": app_password.strip()}
    answer = http.request("POST", "/xrpc/com.atproto.server.createSession", json=body)
    if not answer.ok:
        raise _sign_in_error(answer, http)
    fields = answer.json()
    if fields.get("active") is False:
        raise RefusedError(f"This account is {fields.get('status', 'not active')}.", code="account-not-active")
    credentials = {**_tokens(fields, answer.request), "pds": _home(fields) or http.base_url}
    if claims_of(credentials["access_jwt"]).get("scope") == "com.atproto.access":
        http.request("POST", "/xrpc/com.atproto.server.deleteSession", headers=_bearer(credentials["refresh_jwt"]))
        raise RefusedError(
            "This is the password of the account itself. Make an app password in Bluesky's settings and use that.",
            code="not-an-app-password",
        )
    return credentials, account_of(credentials)


def account_of(fields: Mapping[str, str]) -> Account:
    """The account that `did` and `handle` name."""
    did, handle = fields["did"], fields["handle"]
    public = did if handle == "handle.invalid" else handle
    return Account(did, public, f"https://bsky.app/profile/{public}")


class Session:
    """Calls to a PDS for one account. Renewed tokens are told to `on_refresh` at once and stand in `renewed`."""

    def __init__(
        self, base_url: str, credentials: Credentials, on_refresh: Callable[[Credentials], None] | None = None
    ) -> None:
        self.credentials = dict(credentials)
        self.renewed: dict[str, str] | None = None
        secrets = [credentials["access_jwt"], credentials["refresh_jwt"]]
        self.http = Http(base_url, secrets=secrets, session=guarded_session())
        self._on_refresh = on_refresh

    def get(self, method: str, params: Mapping[str, str]) -> dict[str, Json]:
        """A query's answer. Raises the errors of this network, RefusedError with the server's own code among them."""
        return self._repeatable(lambda: self._call("GET", method, params=params))

    def post(self, method: str, body: Json = None, *, data: bytes | None = None, kind: str = "") -> dict[str, Json]:
        """The answer of a procedure that may be repeated; `data` is sent as it is, with `kind` as its type."""
        return self._repeatable(lambda: self._call("POST", method, body=body, data=data, kind=kind))

    def post_once(self, method: str, body: Json, seconds: float) -> dict[str, Json]:
        """The answer of the one irreversible call. Where the token turns out to be over, nothing was accepted: it is
        renewed and LaterError asks to come again, since one use makes one call."""
        began = time.monotonic()
        answer = self._call("POST", method, body=body, irreversible=True, seconds=seconds)
        if self._expired(answer):
            self.renew(max(1.0, seconds - (time.monotonic() - began)))
            raise LaterError("The access token was over; it has been renewed.", wait=0.0, code="token-renewed")
        return self._read(answer)

    def renew_in_time(self) -> None:
        """Renews the tokens where the access token ends soon. Raises ReconnectError or LaterError."""
        end = claims_of(self.credentials["access_jwt"]).get("exp")
        if isinstance(end, int | float) and end - time.time() < RENEW_BEFORE:
            self.renew()

    def renew(self, seconds: float = SEND_TIMEOUT) -> None:
        """Exchanges the refresh token for a new pair. Raises ReconnectError where it is refused."""
        headers = _bearer(self.credentials["refresh_jwt"])
        answer = self.http.request("POST", "/xrpc/com.atproto.server.refreshSession", headers=headers, timeout=seconds)
        if not answer.ok:
            self._refuse(answer)
        self.credentials |= _tokens(answer.json(), answer.request)
        self.renewed = dict(self.credentials)
        if self._on_refresh:
            self._on_refresh(self.renewed)

    def _repeatable(self, call: Callable[[], Answer]) -> dict[str, Json]:
        answer = call()
        if self._expired(answer):
            self.renew()
            answer = call()
        return self._read(answer)

    def _call(
        self,
        verb: str,
        method: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        data: bytes | None = None,
        kind: str = "",
        irreversible: bool = False,
        seconds: float = SEND_TIMEOUT,
    ) -> Answer:
        headers = _bearer(self.credentials["access_jwt"]) | ({"Content-Type": kind} if kind else {})
        return self.http.request(
            verb,
            f"/xrpc/{method}",
            params=params,
            json=body,
            data=data,
            headers=headers,
            irreversible=irreversible,
            timeout=seconds,
        )

    def _expired(self, answer: Answer) -> bool:
        return not answer.ok and answer.details().get("error") == "ExpiredToken"

    def _read(self, answer: Answer) -> dict[str, Json]:
        if not answer.ok:
            self._refuse(answer)
        return answer.json()

    def _refuse(self, answer: Answer) -> NoReturn:
        """Raises what a status from 400 to 428 and 430 to 499 means. Without the `error` that every server of this
        protocol gives, it was something else that answered, and it may pass."""
        code, message = _error_of(answer, self.http)
        if not code:
            raise LaterError(message, code=f"http-{answer.status}")
        if code in DEAD or answer.status in (401, 403):
            raise ReconnectError(message, code=code)
        raise RefusedError(message, code=code)


def _sign_in_error(answer: Answer, http: Http) -> NetworkError:
    code, message = _error_of(answer, http)
    if code == "AuthFactorTokenRequired":
        return RefusedError("This account asks for a code by mail: use an app password.", code="not-an-app-password")
    if code == "AccountTakedown":
        return RefusedError("This account has been taken down.", code="account-not-active")
    if answer.status == 401:
        return RefusedError("The handle and the app password do not belong together.", code="wrong-password")
    if not code:
        return RefusedError("This server does not speak the AT Protocol.", code="address")
    return RefusedError(message, code=code)


def _error_of(answer: Answer, http: Http) -> tuple[str, str]:
    """The server's code ("" where it gave none) and its words, redacted."""
    details = answer.details()
    code, words = details.get("error"), details.get("message")
    told = words if isinstance(words, str) and words else f"{answer.request}: {answer.status}"
    return (http.redact(code)[:60] if isinstance(code, str) else "", http.redact(told))


def _tokens(fields: Mapping[str, Json], request: str) -> dict[str, str]:
    """The tokens of an answer. Raises LaterError where one is missing."""
    names = {"did": "did", "handle": "handle", "access_jwt": "accessJwt", "refresh_jwt": "refreshJwt"}
    tokens = {ours: fields.get(theirs) for ours, theirs in names.items()}
    if not all(isinstance(value, str) and value for value in tokens.values()):
        raise LaterError(f"{request}: the answer lacks a token", code="unreadable")
    return {ours: str(value) for ours, value in tokens.items()}


def _home(fields: Mapping[str, Json]) -> str:
    """The address of the account's own server as its DID document names it; empty where it names none that we take."""
    document = fields.get("didDoc")
    services = document.get("service") if isinstance(document, dict) else None
    for service in services if isinstance(services, list) else []:
        if isinstance(service, dict) and str(service.get("id", "")).endswith("#atproto_pds"):
            try:
                return checked_address(str(service.get("serviceEndpoint", "")))
            except RefusedError:
                return ""
    return ""


def end_of(credentials: Credentials) -> datetime | None:
    """When the refresh token ends, after which only a new sign-in helps; None where it does not say."""
    end = claims_of(credentials["refresh_jwt"]).get("exp")
    return datetime.fromtimestamp(end, UTC) if isinstance(end, int | float) else None


def claims_of(token: str) -> dict[str, Json]:
    """What a token says about itself, unverified; nothing where it cannot be read."""
    middle = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
