"""The Graph API through facebook-sdk, with what the library leaves out done around it.

facebook-sdk 3.1.0 (read whole and run, 2026-11-24) refuses today's versions in its constructor, puts the access token
into the address of every GET and DELETE, has no time-out, drops status and headers, needs a content type, and takes
a 500 without `error` for a success. So it gets its version after it was made, and a session of ours that carries the
token in a header and reads each answer before the library does.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import facebook
import requests

from networks.base import SEND_TIMEOUT
from networks.content import Json
from networks.errors import LaterError, UnclearError
from networks.http import Http
from networks.library import LibrarySession
from networks.meta.errors import Told, error_of, usage_wait
from networks.meta.version import GRAPH


class GraphSession(LibrarySession):
    """Carries facebook-sdk's calls: the token in a header, the proof that we know the app's secret beside the
    parameters, and every answer that is no plain success raised as one of our errors."""

    def __init__(self, http: Http, proof: str, seconds: float) -> None:
        super().__init__(http, instead_of=facebook.FACEBOOK_GRAPH_URL)
        self._proof = proof
        self._seconds = seconds

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Each call in this block ends within `seconds`; it may be repeated."""
        usual, self._seconds = self._seconds, seconds
        try:
            yield
        finally:
            self._seconds = usual

    def request(  # type: ignore[override]
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        files: Any = None,  # noqa: ANN401 - whatever requests takes
        **rest: object,
    ) -> requests.Response:
        """The answer, a JSON object of a 2xx without `error`. Raises our own errors, which the library lets through."""
        query, form = dict(params or {}), dict(data or {})
        token = form.pop("access_token", "") or query.pop("access_token", "")
        if token and self._proof:
            (form if method == "POST" else query)["appsecret_proof"] = self._proof
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = super().request(method, url, params=query, data=form or None, headers=headers, files=files)
        self._read(response, f"{method} {url.removeprefix(self._instead_of)}")
        response.headers["content-type"] = "application/json"  # it is; the library fails where it is not told
        return response

    def _read(self, response: requests.Response, named: str) -> None:
        fields = _fields(response)
        error = fields.get("error") if fields is not None else None
        if isinstance(error, dict):
            words = error.get("error_user_msg") or error.get("message") or ""
            told = Told.of(error, self._http.redact(str(words)))
            raise error_of(told, response.headers, time.time(), irreversible=self._irreversible)
        if fields is None or error or not response.ok:
            message = f"{named}: the answer ({response.status_code}) cannot be read"
            raise (UnclearError if self._irreversible else LaterError)(message, code="unreadable")


class Graph:
    """Calls for one token (none while signing in), each within `seconds`. `secrets` are never shown in a message."""

    def __init__(
        self,
        base_url: str,
        token: str = "",
        *,
        proof: str = "",
        secrets: Iterable[str] = (),
        version: str = GRAPH.version,
        seconds: float = SEND_TIMEOUT,
    ) -> None:
        http = Http(base_url, secrets=[token, proof, *secrets], wait=usage_wait)
        self._session = GraphSession(http, proof, seconds)
        self._api = facebook.GraphAPI(access_token=token or None, session=self._session)
        self._api.version = version

    def consent_url(self, base: str, client_id: str, redirect_uri: str, **fields: str) -> str:
        """The consent page on the host `base`."""
        page: str = self._api.get_auth_url(client_id, redirect_uri, **fields)
        return f"{base.rstrip('/')}/{page.removeprefix(facebook.FACEBOOK_WWW_URL)}"

    def get(self, path: str, **fields: Json) -> dict[str, Json]:
        """An object or an edge (`<page>/published_posts`)."""
        answer: dict[str, Json] = self._api.get_object(path, **_written(fields))
        return answer

    def get_within(self, seconds: float, path: str, **fields: Json) -> dict[str, Json]:
        """The same, ended after `seconds`."""
        with self._session.within(seconds):
            return self.get(path, **fields)

    def post(self, path: str, **fields: Json) -> dict[str, Json]:
        """A call that may be repeated."""
        answer: dict[str, Json] = self._api.request(f"{self._api.version}/{path}", post_args=_written(fields))
        return answer

    def post_once(self, path: str, seconds: float, **fields: Json) -> dict[str, Json]:
        """The one irreversible call, within `seconds`."""
        with self._session.once(seconds):
            return self.post(path, **fields)

    def post_photo(self, path: str, data: bytes, kind: str, **fields: Json) -> dict[str, Json]:
        """Uploads the bytes of a picture, whose type is `kind`."""
        file = (f"picture.{kind.removeprefix('image/')}", data, kind)
        answer: dict[str, Json] = self._api.put_photo(file, path, **_written(fields))
        return answer

    def delete(self, path: str) -> dict[str, Json]:
        """Takes an object away."""
        answer: dict[str, Json] = self._api.delete_object(path)
        return answer


def proof_of(token: str, app_secret: str) -> str:
    """`appsecret_proof`: shows that whoever holds the token also knows the app's secret (developers.facebook.com,
    Secure Graph API calls, read 2026-11-24). It stays the same as long as both do."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def id_of(answer: Mapping[str, Json], what: str) -> str:
    """The id in the answer to a call that may be repeated. Raises LaterError where there is none."""
    found = answer.get("id")
    if not isinstance(found, str) or not found:
        raise LaterError(f"Meta took {what} and named no id.", code="unreadable")
    return found


def _written(fields: Mapping[str, Json]) -> dict[str, str]:
    """The values as the Graph API reads them: lists and truth values in JSON, else as they are."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in fields.items()
    }


def _fields(response: requests.Response) -> dict[str, Json] | None:
    try:
        fields = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None
