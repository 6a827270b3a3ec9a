"""The one HTTP seam: every call of an adapter goes through here and ends as an answer or one of our errors.

What it promises: it never repeats a request, never follows a redirect, ends within its time-out in total, reads no more
than it was told to, and lets no secret into a message. Statuses below 500, except 429 and redirects, are the
adapter's to read; the others are sorted here, by whether the request could have been carried out.
"""

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from networks.base import SEND_TIMEOUT
from networks.content import Json
from networks.errors import LaterError, UnclearError
from networks.transport import CONNECT_TIMEOUT, Exchange, Transport, causes, classify, shared_session

WAIT_LIMIT = 24 * 3600.0
"""Seconds; no network's wish to wait is believed beyond it (its clock or ours may be wrong)."""

_TOKENS = re.compile(
    r"""(?ix) (bearer\s+ | (?:access_token|refresh_token|client_secret|password)["']?\s*[=:]\s*["']?) [^\s&"',}]+"""
)
_JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")


@dataclass(frozen=True)
class Answer:
    """A network's answer. `body` is empty where it was larger than asked for, and so fails as JSON."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Case-insensitive."""
    body: bytes = field(repr=False)
    request: str = ""
    """Method, path and host, for messages."""
    irreversible: bool = False

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def json(self) -> dict[str, Json]:
        """The body's fields. Raises UnclearError (irreversible request) or LaterError where it is no JSON object."""
        fields = self._fields()
        if fields is None:
            raise _error(self.irreversible, f"{self.request}: the answer ({self.status}) cannot be read", "unreadable")
        return fields

    def details(self) -> dict[str, Json]:
        """The body's fields, or none: for answers whose status alone decides, such as a proxy's 403 in HTML."""
        return self._fields() or {}

    def _fields(self) -> dict[str, Json] | None:
        try:
            fields = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return fields if isinstance(fields, dict) else None


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait as the headers of a 429 say it, None where they do not; `now` is Unix time.

    Reads `Retry-After` (seconds or a date, RFC 9110) and `ratelimit-reset` (Bluesky: Unix time; the IETF draft:
    seconds from now).
    """
    after = headers.get("Retry-After", "")
    reset = headers.get("ratelimit-reset", "")
    wait = _seconds(after, now) if after else _seconds(reset, now)
    return None if wait is None else min(max(wait, 0.0), WAIT_LIMIT)


def _seconds(value: str, now: float) -> float | None:
    if value.strip().isdecimal():
        number = float(value)
        return number - now if number > 1e9 else number
    try:
        return parsedate_to_datetime(value).timestamp() - now
    except ValueError:
        return None


class Http:
    """Calls to one host. `secrets` are never shown in a message; headers given here go with every request.

    `wait` reads from the headers of a 429 how many seconds to wait, given the Unix time; `wait_told` reads it from the
    fields of the body, for a network that says it there, where the headers do not say it.
    """

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secrets: Iterable[str] = (),
        session: requests.Session | None = None,
        wait: Callable[[Mapping[str, str], float], float | None] = retry_after,
        wait_told: Callable[[Mapping[str, Json]], float | None] | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._host = _host(base_url)
        self._headers = {"User-Agent": "Chorus", "Accept": "application/json", **(headers or {})}
        self._secrets = {secret for secret in secrets if secret} | _secrets_in(headers)
        self._session = session
        self._wait = wait
        self._wait_told = wait_told

    def __repr__(self) -> str:
        return f"Http({self._host!r})"

    def request(
        self,
        method: str,
        path: str,
        *,
        irreversible: bool = False,
        params: Mapping[str, Any] | None = None,
        json: Json = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = SEND_TIMEOUT,
        max_bytes: int = 1_000_000,
    ) -> Answer:
        """One exchange, within `timeout` seconds in all. Raises LaterError (nothing was sent, or repeating does no
        harm) and, only where `irreversible`, UnclearError."""
        asked = requests.Request(
            method,
            f"{self.base_url}/{path.lstrip('/')}",
            headers={**self._headers, **(headers or {})},
            params=params,
            json=json,
            data=data,
        )
        return self.carry(asked, irreversible=irreversible, timeout=timeout, max_bytes=max_bytes)

    def carry(
        self,
        asked: requests.Request,
        *,
        irreversible: bool = False,
        timeout: float = SEND_TIMEOUT,
        max_bytes: int = 1_000_000,
    ) -> Answer:
        """The same for a request that is made already, by a library for instance (networks/library.py)."""
        self._secrets |= _secrets_in(asked.headers) | _secrets_in_params(asked.params)
        named = self.redact(f"{asked.method} {_path(asked.url)} at {self._host}")
        session = self._session or shared_session()
        prepared, transport = _prepared(session, asked, named)

        def work() -> Answer:
            settings: Any = session.merge_environment_settings(prepared.url, {}, True, None, None)
            limits = (min(CONNECT_TIMEOUT, timeout), timeout)
            with transport.send(prepared, timeout=limits, **settings) as response:
                received = CaseInsensitiveDict(response.headers)
                return Answer(response.status_code, received, _read(response, max_bytes), named, irreversible)

        began = not isinstance(transport, Transport)
        return self._sorted(
            self._exchange(Exchange(work, timeout=timeout, irreversible=irreversible, began=began), named)
        )

    def redact(self, text: str) -> str:
        """The text without our secrets and without what looks like one."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, "…").replace(quote(secret, safe=""), "…")
        return _JWT.sub("…", _TOKENS.sub(r"\1…", text))

    def _exchange(self, exchange: Exchange[Answer], named: str) -> Answer:
        try:
            return exchange.run()
        except Exception as error:
            not_sent = not exchange.began or classify(error) == "not_sent"
            message = self.redact(f"{named}: {_why(error)}")
        # Raised outside the except block, so that no exception with an address in it hangs on to ours.
        if not_sent:
            raise LaterError(message, code="not-sent")
        raise _error(exchange.irreversible, message, "no-answer")

    def _sorted(self, answer: Answer) -> Answer:
        """The answer, where it is the adapter's to read. Raises for a redirect, 429 and 5xx."""
        message = self.redact(f"{answer.request}: {answer.status} {_excerpt(answer.body)}".strip())
        if answer.status == 429:
            wait = self._wait(answer.headers, time.time())
            if wait is None and self._wait_told:
                wait = self._wait_told(answer.details())
            raise LaterError(message, wait=wait, of="channel", code="rate-limited")
        if answer.status >= 500:
            raise _error(answer.irreversible, message, f"http-{answer.status}")
        if 300 <= answer.status < 400:
            # 307 and 308 say that the request was not carried out, 302 and 303 may mean «done, look there», and each
            # may come from something in between. None of them is the network's word on a post.
            raise _error(answer.irreversible, message, "redirected")
        return answer


def _error(irreversible: bool, message: str, code: str) -> UnclearError | LaterError:
    return UnclearError(message, code=code) if irreversible else LaterError(message, code=code)


def _prepared(
    session: requests.Session, request: requests.Request, named: str
) -> tuple[requests.PreparedRequest, BaseAdapter]:
    try:
        prepared = session.prepare_request(request)
        return prepared, session.get_adapter(prepared.url or "")
    except ValueError as error:  # a base address that is none, a line break in a header
        problem = f"{named}: the request cannot be made ({type(error).__name__})"
    raise LaterError(problem, code="not-sent")


def _read(response: requests.Response, max_bytes: int) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(65536):
        body += chunk
        if len(body) > max_bytes:
            response.close()
            return b""
    return bytes(body)


def _why(error: BaseException) -> str:
    """What went wrong, by the names of the deepest cause alone: the messages of libraries repeat whole addresses."""
    names = [type(cause).__name__ for cause in causes(error)]
    return "no answer in time" if names == ["DeadlineError"] else f"{names[0]} ({names[-1]})"


def _excerpt(body: bytes) -> str:
    """The beginning of a body, far longer than a message may be, so that no secret is cut before it is redacted."""
    return " ".join(body[:20_000].decode("utf-8", "replace").split())


def _path(address: str | None) -> str:
    """The path of an address, for messages: what stands behind it may hold tokens."""
    try:
        return urlsplit(address or "").path
    except ValueError:
        return ""


def _host(address: str) -> str:
    """The host of an address, for messages; empty where it is no address."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _secrets_in(headers: Mapping[str, str] | None) -> set[str]:
    values = [value for name, value in (headers or {}).items() if name.lower() == "authorization"]
    return {part for value in values for part in (value, value.split(" ", 1)[-1]) if part}


def _secrets_in_params(params: Mapping[str, Any] | None) -> set[str]:
    return {str(value) for name, value in (params or {}).items() if "token" in name or "secret" in name}
