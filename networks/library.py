"""The HTTP seam for libraries kept by others: a session whose every call goes through `networks.http`.

tweepy sends without a time-out, facebook-sdk too, Mastodon.py wraps every failure in one class of its own (read in
tweepy 4.17, facebook-sdk 3.1 and Mastodon.py 2.3, 2026-11-24). Given this session, each call of theirs ends in time,
is never repeated, follows no redirect, and fails with one of our errors, by the same rules for all of them.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests

from networks.base import SEND_TIMEOUT
from networks.errors import NetworkError
from networks.http import Answer, Http
from networks.transport import causes


class LibrarySession(requests.Session):
    """Carries a library's calls over `http`, whatever host the library has written into its code (`instead_of`).

    The library sees answers below 500 alone, 429 and redirects aside: those are our errors already, and leave the
    library as they are or inside an error of its own (see `our_error`).
    """

    def __init__(self, http: Http, *, instead_of: str) -> None:
        super().__init__()
        self._http = http
        self._instead_of = instead_of.rstrip("/")
        self._seconds = SEND_TIMEOUT
        self._irreversible = False

    @contextmanager
    def once(self, seconds: float = SEND_TIMEOUT) -> Iterator[None]:
        """What is called in this block is the one irreversible call, within `seconds`."""
        self._irreversible, self._seconds = True, seconds
        try:
            yield
        finally:
            self._irreversible, self._seconds = False, SEND_TIMEOUT

    # The library's own idea of time-outs, proxies and redirects is left aside.
    def request(  # type: ignore[override]
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Any = None,  # noqa: ANN401 - whatever requests takes
        headers: Mapping[str, str] | None = None,
        files: Any = None,  # noqa: ANN401 - as above
        auth: Any = None,  # noqa: ANN401 - as above
        json: Any = None,  # noqa: ANN401 - the name that requests gives it
        **_: object,
    ) -> requests.Response:
        """The answer. Raises our own errors, which a library either lets through or wraps."""
        address = self._http.base_url + url.removeprefix(self._instead_of)
        asked = requests.Request(
            method, address, params=params, data=data, headers=dict(headers or {}), files=files, auth=auth, json=json
        )
        return _response(self._http.carry(asked, irreversible=self._irreversible, timeout=self._seconds))


def our_error(error: BaseException) -> NetworkError | None:
    """The error of ours inside a library's error, or None where the library itself complains."""
    return next((cause for cause in causes(error) if isinstance(cause, NetworkError)), None)


def reading_error(error: BaseException) -> bool:
    """Whether a library failed over a body that is no JSON: a proxy's page in HTML, half an answer."""
    return any(isinstance(cause, json.JSONDecodeError | requests.JSONDecodeError) for cause in causes(error))


def _response(answer: Answer) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response.headers.update(answer.headers)
    response._content = answer.body  # the one way to make a Response of bytes
    response.encoding = "utf-8"
    return response
