"""A Mastodon instance: apps, a consent page, statuses, pictures that take a while, and keys that live an hour.

Each request is checked against the published description of the API (tests/networks/contracts/mastodon-ORIGIN.md).
What it answers follows Mastodon 4.x's documentation, read 2026-11-24. It is stricter in one thing: a status without an
Idempotency-Key is refused, since ours always has one.
"""

import html
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode

from networks.content import Json
from networks.text import find_links, find_mentions, mastodon_length
from tests.networks.contract import Seen
from tests.networks.fakes.base import FakeServer, Reply, Request
from tests.networks.fakes.contract_file import Contract, ContractError

CONTRACT = Contract("mastodon")
ACCOUNT_ID, USERNAME = "109302436954721982", "helpline"
SCOPES = "read:accounts read:statuses write:statuses write:media"
KEY_HOUR = timedelta(hours=1)

CONSENT_PAGE = """<!doctype html><html lang="en"><title>Authorization</title><h1>{app} wants to use @{user}</h1>
<p>{scopes}</p><form method="post"><input type="hidden" name="asked" value="{asked}">
<button name="answer" value="yes">Authorize</button> <button name="answer" value="no">Deny</button></form></html>"""


class ApiError(Exception):
    """An answer of this API that refuses."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.reply = Reply.of(status, {"error": message})


@dataclass
class Status:
    """A status as the instance holds it."""

    id: str
    text: str
    made: datetime
    fields: Mapping[str, Json]
    alts: tuple[str, ...] = ()
    key: str = ""
    reblog_of: str = ""


@dataclass
class Code:
    """A consent, until it is exchanged."""

    client_id: str
    redirect_uri: str
    challenge: str
    scope: str
    used: bool = False


@dataclass
class Media:
    """An upload; `asked` counts the questions whether it is ready."""

    description: str
    slow: bool
    asked: int = 0
    data: bytes = field(default=b"", repr=False)


class FakeMastodon(FakeServer):
    """One account. `later` is added to its clock; `slow_media` makes uploads be processed after two questions."""

    def __init__(self) -> None:
        super().__init__()
        self.later = timedelta()
        self.slow_media = False
        self.limits: dict[str, int] = {
            "max_characters": 500,
            "max_media_attachments": 4,
            "characters_reserved_per_url": 23,
        }
        self.version = "4.4.3"
        self.second_version = True
        self.down = False
        self.apps: dict[str, tuple[str, str]] = {}
        self.codes: dict[str, Code] = {}
        self.tokens: set[str] = set()
        self.statuses: dict[str, Status] = {}
        self.media: dict[str, Media] = {}

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def posts(self) -> Sequence[Seen]:
        return [_seen(status) for status in self.statuses.values() if not status.reblog_of]

    def irreversible(self, request: Request) -> bool:
        return (request.method, request.path) == ("POST", "/api/v1/statuses")

    def definite(self, scenario: str, request: Request) -> Reply:
        if scenario == "refused":
            return Reply.of(422, {"error": "Validation failed: Text is not wanted here"})
        if scenario == "token_dead":
            return Reply.of(401, {"error": f"The access token was revoked: {request.headers['Authorization']}"})
        if scenario == "scope_missing":
            return Reply.of(403, {"error": "This action is outside the authorized scopes"})
        if scenario == "rate_limited":
            reset = (self.now() + timedelta(seconds=60)).isoformat().replace("+00:00", "Z")
            headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
            return Reply.of(429, {"error": "Too many requests"}, headers)
        return super().definite(scenario, request)

    def answer(self, request: Request) -> Reply:
        if self.down:
            return Reply.of(503, {"error": "Service Unavailable"})
        if (request.method, request.path) == ("POST", "/oauth/authorize"):
            return self.consented(request)
        try:
            path, _call, in_path = CONTRACT.operation(request)
            return CALLS[request.method, path](self, request, CONTRACT.fields(request) | in_path)
        except ApiError as error:
            return error.reply
        except ContractError as error:
            return Reply.of(422, {"error": str(error)})

    def new_token(self) -> str:
        """A token as if somebody had consented."""
        token = secrets.token_urlsafe(32)
        self.tokens.add(token)
        return token

    def register(self, request: Request, given: Json) -> Reply:
        client_id, secret = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
        self.apps[client_id] = (secret, given["redirect_uris"][0])
        return Reply.of(200, {"id": "1", "client_id": client_id, "client_secret": secret})

    def authorize(self, request: Request, given: Json) -> Reply:
        _secret, redirect_uri = self.apps.get(given["client_id"], ("", ""))
        if given["redirect_uri"] != redirect_uri or not redirect_uri:
            return Reply(400, b"The redirect uri included is not valid.", {"Content-Type": "text/html"})
        page = CONSENT_PAGE.format(
            app="Chorus", user=USERNAME, scopes=html.escape(given["scope"]), asked=html.escape(urlencode(given))
        )
        return Reply(200, page.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def consented(self, request: Request) -> Reply:
        """What the button of the consent page does."""
        sent = dict(parse_qsl(request.body.decode()))
        asked = dict(parse_qsl(sent["asked"]))
        if sent["answer"] != "yes":
            back = {"error": "access_denied", "error_description": "The resource owner denied the request."}
        else:
            code = secrets.token_urlsafe(32)
            self.codes[code] = Code(
                asked["client_id"], asked["redirect_uri"], asked.get("code_challenge", ""), asked["scope"]
            )
            back = {"code": code}
        return Reply(
            302, headers={"Location": f"{asked['redirect_uri']}?{urlencode(back | {'state': asked['state']})}"}
        )

    def token(self, request: Request, given: Json) -> Reply:
        code = self.codes.get(given["code"])
        app = self.apps.get(given["client_id"])
        if app is None or app[0] != given["client_secret"]:
            return Reply.of(401, {"error": "invalid_client", "error_description": "Client authentication failed"})
        challenge = urlsafe_b64encode(sha256(given.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if code is None or code.used or code.redirect_uri != given["redirect_uri"] or code.challenge != challenge:
            return Reply.of(400, {"error": "invalid_grant", "error_description": "The authorization grant is invalid"})
        code.used = True
        made = int(time.time())
        return Reply.of(
            200, {"access_token": self.new_token(), "token_type": "Bearer", "scope": code.scope, "created_at": made}
        )

    def revoke(self, request: Request, given: Json) -> Reply:
        if self.apps.get(given["client_id"], ("",))[0] != given["client_secret"]:
            raise ApiError(403, "You are not authorized to revoke this token")
        self.tokens.discard(given["token"])
        return Reply.of(200, {})

    def account(self, request: Request, given: Json) -> Reply:
        self._signed(request)
        return Reply.of(200, self._account())

    def instance(self, request: Request, given: Json) -> Reply:
        if not self.second_version:
            raise ApiError(404, "The page you are looking for isn't here.")
        return Reply.of(200, {"domain": "127.0.0.1", "version": self.version, "configuration": self._configuration()})

    def old_instance(self, request: Request, given: Json) -> Reply:
        return Reply.of(200, {"uri": "127.0.0.1", "version": self.version, "configuration": self._configuration()})

    def upload(self, request: Request, given: Json) -> Reply:
        self._signed(request)
        media_id = str(secrets.randbits(60))
        self.media[media_id] = Media(given.get("description", ""), self.slow_media)
        return Reply.of(202 if self.slow_media else 200, self._media(media_id))

    def uploaded(self, request: Request, given: Json) -> Reply:
        self._signed(request)
        if given["id"] not in self.media:
            raise ApiError(404, "Record not found")
        self.media[given["id"]].asked += 1
        fields = self._media(given["id"])
        return Reply.of(200 if fields["url"] else 206, fields)

    def create(self, request: Request, given: Json) -> Reply:
        self._signed(request)
        key = request.headers["Idempotency-Key"]
        if not key:
            raise ContractError("Idempotency-Key is missing")
        known = [one for one in self.statuses.values() if one.key == key and self.now() - one.made < KEY_HOUR]
        if known:
            return Reply.of(200, self._status(known[0]))
        self._check(given)
        status = self._keep(given.get("status", ""), given, key=key)
        return Reply.of(200, self._status(status))

    def listed(self, request: Request, given: Json) -> Reply:
        self._signed(request)
        if given["id"] != ACCOUNT_ID:
            raise ApiError(404, "Record not found")
        newest_first = sorted(self.statuses.values(), key=lambda one: int(one.id), reverse=True)
        older = [one for one in newest_first if "max_id" not in given or int(one.id) < int(given["max_id"])]
        wanted = [one for one in older if not (given.get("exclude_reblogs") and one.reblog_of)]
        return Reply.of(200, [self._status(one) for one in wanted[: given.get("limit", 20)]])

    def one(self, request: Request, given: Json) -> Reply:
        self._signed(request)
        return Reply.of(200, self._status(self._found(given["id"])))

    def delete(self, request: Request, given: Json) -> Reply:
        self._signed(request)
        gone = self._found(given["id"])
        del self.statuses[gone.id]
        return Reply.of(200, self._status(gone))

    def reblog(self, request: Request, given: Json) -> Reply:
        self._signed(request)
        original = self._found(given["id"])
        boost = self._keep("", {}, reblog_of=original.id)
        return Reply.of(200, {**self._status(boost), "reblog": self._status(original)})

    def _signed(self, request: Request) -> None:
        scheme, _, token = (request.headers["Authorization"] or "").partition(" ")
        if scheme != "Bearer" or token not in self.tokens:
            raise ApiError(401, "The access token is invalid")

    def _check(self, given: Json) -> None:
        text, media = given.get("status", ""), given.get("media_ids", [])
        if mastodon_length(text) + mastodon_length(given.get("spoiler_text", "")) > self.limits["max_characters"]:
            raise ApiError(422, f"Validation failed: Text character limit of {self.limits['max_characters']} exceeded")
        if len(media) > self.limits["max_media_attachments"]:
            raise ApiError(422, "Validation failed: Cannot attach more than 4 files")
        for media_id in media:
            if media_id not in self.media:
                raise ApiError(422, f"Media {media_id} not found or already attached to another post")
            if not self._media(media_id)["url"]:
                raise ApiError(422, "Cannot attach files that have not finished processing. Try again in a moment!")
        if given.get("in_reply_to_id") and given["in_reply_to_id"] not in self.statuses:
            raise ApiError(404, "The post you are trying to reply to does not appear to exist.")

    def _keep(self, text: str, given: Json, key: str = "", reblog_of: str = "") -> Status:
        alts = tuple(self.media[media_id].description for media_id in given.get("media_ids", []))
        number = str(int(self.now().timestamp() * 1000) << 16 | len(self.statuses))
        status = Status(number, text, self.now(), dict(given), alts, key, reblog_of)
        self.statuses[number] = status
        return status

    def _found(self, status_id: str) -> Status:
        if status_id not in self.statuses:
            raise ApiError(404, "Record not found")
        return self.statuses[status_id]

    def _media(self, media_id: str) -> Json:
        one = self.media[media_id]
        ready = not one.slow or one.asked >= 2
        url = f"{self.url}/media/{media_id}" if ready else None
        return {"id": media_id, "type": "image", "url": url, "description": one.description}

    def _configuration(self) -> Json:
        kinds = ["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"]
        media = {"supported_mime_types": kinds, "image_size_limit": 16_777_216, "description_limit": 1500}
        return {"statuses": self.limits, "media_attachments": media}

    def _account(self) -> Json:
        url = f"{self.url}/@{USERNAME}"
        return {"id": ACCOUNT_ID, "username": USERNAME, "acct": USERNAME, "display_name": "Helpline", "url": url}

    def _status(self, status: Status) -> Json:
        return {
            "id": status.id, "created_at": status.made.isoformat().replace("+00:00", "Z"),
            "in_reply_to_id": status.fields.get("in_reply_to_id"), "content": content_of(status.text),
            "url": f"{self.url}/@{USERNAME}/{status.id}", "account": self._account(),
            "language": status.fields.get("language"), "visibility": status.fields.get("visibility", "public"),
            "spoiler_text": status.fields.get("spoiler_text", ""), "favourites_count": 3, "reblogs_count": 2,
            "replies_count": 1, "media_attachments": [], "reblog": None,
        }  # fmt: skip


CALLS: Mapping[tuple[str, str], Callable[[FakeMastodon, Request, Json], Reply]] = {
    ("POST", "/api/v1/apps"): FakeMastodon.register,
    ("GET", "/oauth/authorize"): FakeMastodon.authorize,
    ("POST", "/oauth/token"): FakeMastodon.token,
    ("POST", "/oauth/revoke"): FakeMastodon.revoke,
    ("GET", "/api/v1/accounts/verify_credentials"): FakeMastodon.account,
    ("GET", "/api/v2/instance"): FakeMastodon.instance,
    ("GET", "/api/v1/instance"): FakeMastodon.old_instance,
    ("POST", "/api/v2/media"): FakeMastodon.upload,
    ("GET", "/api/v1/media/{id}"): FakeMastodon.uploaded,
    ("POST", "/api/v1/statuses"): FakeMastodon.create,
    ("GET", "/api/v1/accounts/{id}/statuses"): FakeMastodon.listed,
    ("GET", "/api/v1/statuses/{id}"): FakeMastodon.one,
    ("DELETE", "/api/v1/statuses/{id}"): FakeMastodon.delete,
    ("POST", "/api/v1/statuses/{id}/reblog"): FakeMastodon.reblog,
}


def content_of(text: str) -> str:
    """The text as Mastodon shows it: paragraphs, lines, links with a hidden beginning and end, handles without server."""
    spans = sorted((*find_links(text), *find_mentions(text)), key=lambda span: span.start)
    parts, at = [], 0
    for span in spans:
        parts += [html.escape(text[at : span.start], quote=False), _linked(span.text)]
        at = span.end
    whole = "".join([*parts, html.escape(text[at:], quote=False)])
    paragraphs = re.split(r"\n{2,}", whole.replace("\r\n", "\n"))
    return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in paragraphs)


def _linked(text: str) -> str:
    if text.startswith("@"):
        user = html.escape(text[1:].partition("@")[0])
        return f'<span class="h-card" translate="no"><a href="https://x.example" class="u-url">@<span>{user}</span></a></span>'
    if not text.lower().startswith("http"):
        return html.escape(text, quote=False)
    begin, _, rest = text.partition("://")
    shown, hidden = html.escape(rest[:30]), html.escape(rest[30:])
    return (
        f'<a href="{html.escape(text)}" rel="nofollow noopener"><span class="invisible">{begin}://</span>'
        f'<span class="ellipsis">{shown}</span><span class="invisible">{hidden}</span></a>'
    )


def _seen(status: Status) -> Seen:
    fields = status.fields
    return Seen(
        status.id, status.text, str(fields.get("language", "")), status.alts, str(fields.get("in_reply_to_id", ""))
    )
