"""A PDS: accounts, tokens that end and rotate, blobs, and records that obey the lexicons.

What it answers was compared with the PDS 0.5.35 (its source, and `make test-real`, 2026-11-24). It is stricter in
three things: unknown fields are refused, facets must stand on whole characters and not overlap, and a reply must name
posts that exist. Its record CIDs are made from JSON, so they differ from a real server's.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Sequence

from networks.content import Json
from tests.networks.contract import Seen
from tests.networks.fakes.base import FakeServer, Reply, Request
from tests.networks.fakes.lexicon import LexiconError, blobs_in, check_input, check_output, check_params, check_record

DID = "did:plc:chorus2222222222222222aa"
HANDLE = "chorus.test"
APP_PASSWORD = "abcd-efgh-ijkl-mnop"
ACCOUNT_PASSWORD = "the-account's-own"
OTHERS = {"ec.test": "did:plc:commission22222222222222", "münchen.test": ""}
POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"


class XrpcError(Exception):
    """An answer of this protocol that refuses."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.reply = Reply.of(status, {"error": code, "message": message or code})


class FakePds(FakeServer):
    """One account, DID at HANDLE. `later` seconds are added to its clock; `access_life` is for tokens made from now.
    `others` are posts of other servers, which a PDS asks the network's index for; `counts` what that index counted."""

    def __init__(self) -> None:
        super().__init__()
        self.later = 0.0
        self.access_life = 7200.0
        self.home = ""
        self.status = ""
        self.records: dict[str, tuple[str, Json]] = {}
        self.blobs: dict[str, bytes] = {}
        self.tokens: dict[str, str] = {}
        self.others: dict[str, tuple[str, Json]] = {}
        self.counts: dict[str, dict[str, int]] = {}
        self.has_index = True

    def posts(self) -> Sequence[Seen]:
        return [_seen(uri, record) for uri, (_cid, record) in sorted(self.records.items()) if f"/{POST}/" in uri]

    def irreversible(self, request: Request) -> bool:
        return request.path == "/xrpc/com.atproto.repo.putRecord"

    def definite(self, scenario: str, request: Request) -> Reply:
        if scenario == "refused":
            return Reply.of(400, {"error": "InvalidRequest", "message": f"Invalid {POST} record: not wanted"})
        if scenario == "token_dead":
            token = request.headers["Authorization"]
            return Reply.of(400, {"error": "InvalidToken", "message": f"Token could not be verified: {token}"})
        if scenario == "scope_missing":
            return Reply.of(403, {"error": "InsufficientScope", "message": "Missing required scope"})
        if scenario == "rate_limited":
            limits = {"ratelimit-limit": "5000", "ratelimit-reset": str(int(time.time()) + 60)}
            return Reply.of(429, {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, limits)
        return super().definite(scenario, request)

    def answer(self, request: Request) -> Reply:
        method = request.path.removeprefix("/xrpc/")
        if (request.method, method) not in METHODS:
            return Reply.of(501, {"error": "MethodNotImplemented", "message": "Method Not Implemented"})
        try:
            body = METHODS[request.method, method](self, request)
            check_output(method, body)
        except XrpcError as error:
            return error.reply
        except LexiconError as error:
            return Reply.of(400, {"error": "InvalidRequest", "message": str(error)})
        return Reply.of(200, body)

    def end_tokens(self, kind: str) -> None:
        """Refuses every token of a kind («access», «refresh») as ended from now on."""
        self.tokens = {token: "ended" if is_kind == kind else is_kind for token, is_kind in self.tokens.items()}

    def create_session(self, request: Request) -> Json:
        given = _input(request)
        if given["identifier"] not in (HANDLE, DID) or given["password"] not in (APP_PASSWORD, ACCOUNT_PASSWORD):
            raise XrpcError(401, "AuthenticationRequired", "Invalid identifier or password")
        if self.status == "takendown":
            raise XrpcError(401, "AccountTakedown", "Account has been taken down")
        scope = "com.atproto.appPass" if given["password"] == APP_PASSWORD else "com.atproto.access"
        return self._session(scope) | ({"active": False, "status": self.status} if self.status else {})

    def refresh_session(self, request: Request) -> Json:
        """The old refresh token ends at once; Bluesky's own server leaves it two hours of grace."""
        token = self._token(request, "refresh")
        self.tokens[token] = "ended"
        return self._session("com.atproto.appPass")

    def delete_session(self, request: Request) -> Json:
        self.tokens[self._token(request, "refresh")] = "ended"
        return {}

    def get_session(self, request: Request) -> Json:
        self._token(request, "access")
        return {"did": DID, "handle": HANDLE, "active": True}

    def resolve_handle(self, request: Request) -> Json:
        check_params("com.atproto.identity.resolveHandle", request.query)
        did = {**OTHERS, HANDLE: DID}.get(request.query["handle"])
        if not did:
            raise XrpcError(400, "InvalidRequest", "Unable to resolve handle")
        return {"did": did}

    def upload_blob(self, request: Request) -> Json:
        self._token(request, "access")
        ref = cid(0x55, request.body)
        self.blobs[ref] = request.body
        kind = request.headers["Content-Type"]
        return {"blob": {"$type": "blob", "ref": {"$link": ref}, "mimeType": kind, "size": len(request.body)}}

    def put_record(self, request: Request) -> Json:
        uri, record = self._write(request)
        if uri in self.records and self.records[uri][1] == record:
            return {"uri": uri, "cid": self.records[uri][0], "validationStatus": "valid"}
        return self._store(uri, record)

    def create_record(self, request: Request) -> Json:
        uri, record = self._write(request)
        if uri in self.records:
            raise XrpcError(500, "InternalServerError", "Internal Server Error")
        return self._store(uri, record)

    def get_record(self, request: Request) -> Json:
        check_params("com.atproto.repo.getRecord", request.query)
        uri = f"at://{request.query['repo']}/{request.query['collection']}/{request.query['rkey']}"
        if uri not in self._known:
            raise XrpcError(400, "RecordNotFound", f"Could not locate record: {uri}")
        ref, record = self._known[uri]
        return {"uri": uri, "cid": ref, "value": record}

    def get_posts(self, request: Request) -> Json:
        """What the index shows; a post that it does not know is left out."""
        self._token(request, "access")
        check_params("app.bsky.feed.getPosts", {"uris": [request.query["uris"]]})
        if not self.has_index:
            raise XrpcError(501, "MethodNotImplemented", "Method Not Implemented")
        uri = request.query["uris"]
        return {"posts": [self._view(uri, *self._known[uri])] if uri in self._known else []}

    def _view(self, uri: str, ref: str, record: Json) -> Json:
        author = {"did": uri.split("/")[2], "handle": HANDLE}
        view = {"uri": uri, "cid": ref, "author": author, "record": record, "indexedAt": record["createdAt"]}
        return view | self.counts.get(uri, {})

    @property
    def _known(self) -> dict[str, tuple[str, Json]]:
        return self.others | self.records

    def delete_record(self, request: Request) -> Json:
        self._token(request, "access")
        given = _input(request)
        gone = self.records.pop(f"at://{given['repo']}/{given['collection']}/{given['rkey']}", ("", {}))[1]
        for blob in blobs_in(gone):
            self.blobs.pop(blob["ref"]["$link"], None)
        return {}

    def _write(self, request: Request) -> tuple[str, Json]:
        self._token(request, "access")
        given = _input(request)
        if given["repo"] not in (DID, HANDLE):
            raise XrpcError(401, "AuthenticationRequired", "Authentication Required")
        try:
            check_record(given["collection"], given["record"])
        except LexiconError as error:
            raise XrpcError(400, "InvalidRequest", f"Invalid {given['collection']} record: {error}") from error
        key = given["rkey"]
        if len(key) != 13:
            raise XrpcError(400, "InvalidRequest", "Invalid TID")
        self._check_post(given["record"])
        return f"at://{DID}/{given['collection']}/{key}", given["record"]

    def _check_post(self, record: Json) -> None:
        for blob in blobs_in(record):
            if blob["size"] != len(self.blobs.get(blob["ref"]["$link"], b"")):
                raise XrpcError(400, "BlobNotFound", f"Could not find blob: {blob['ref']['$link']}")
        for ref in [*record.get("reply", {}).values(), *([record["subject"]] if "subject" in record else [])]:
            if self._known.get(ref["uri"], ("",))[0] != ref["cid"]:
                raise XrpcError(400, "InvalidRequest", f"No such post: {ref['uri']}")
        if record["$type"] == POST:
            _check_facets(record)

    def _store(self, uri: str, record: Json) -> Json:
        ref = cid(0x71, json.dumps(record, sort_keys=True).encode())
        self.records[uri] = (ref, record)
        return {"uri": uri, "cid": ref, "validationStatus": "valid"}

    def _session(self, scope: str) -> Json:
        access, refresh = self._new(scope, self.access_life), self._new("com.atproto.refresh", 90 * 86400)
        service = [{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.home}]
        document = {"id": DID, "service": service}
        return {"did": DID, "handle": HANDLE, "accessJwt": access, "refreshJwt": refresh, "didDoc": document}

    def _new(self, scope: str, life: float) -> str:
        now = int(time.time() + self.later)
        claims = {"scope": scope, "sub": DID, "aud": "did:web:localhost", "iat": now, "exp": int(now + life)}
        token = f"{_part({'typ': 'at+jwt', 'alg': 'HS256'})}.{_part(claims)}.{secrets.token_urlsafe(32)}"
        self.tokens[token] = "refresh" if scope.endswith("refresh") else "access"
        return token

    def _token(self, request: Request, kind: str) -> str:
        """The request's token, checked as the PDS does: 401 without one, 400 for one that is of no use."""
        scheme, _, token = (request.headers["Authorization"] or "").partition(" ")
        if scheme != "Bearer":
            raise XrpcError(401, "AuthMissing", "Authentication Required")
        is_kind = self.tokens.get(token)
        if is_kind == "ended" or (is_kind and _claims(token)["exp"] <= time.time() + self.later):
            raise XrpcError(400, "ExpiredToken", "Token has expired")
        if is_kind != kind:
            raise XrpcError(400, "InvalidToken", "Token could not be verified")
        return token


METHODS: dict[tuple[str, str], Callable[[FakePds, Request], Json]] = {
    ("POST", "com.atproto.server.createSession"): FakePds.create_session,
    ("POST", "com.atproto.server.refreshSession"): FakePds.refresh_session,
    ("POST", "com.atproto.server.deleteSession"): FakePds.delete_session,
    ("GET", "com.atproto.server.getSession"): FakePds.get_session,
    ("GET", "com.atproto.identity.resolveHandle"): FakePds.resolve_handle,
    ("POST", "com.atproto.repo.uploadBlob"): FakePds.upload_blob,
    ("POST", "com.atproto.repo.putRecord"): FakePds.put_record,
    ("POST", "com.atproto.repo.createRecord"): FakePds.create_record,
    ("GET", "com.atproto.repo.getRecord"): FakePds.get_record,
    ("GET", "app.bsky.feed.getPosts"): FakePds.get_posts,
    ("POST", "com.atproto.repo.deleteRecord"): FakePds.delete_record,
}


def cid(codec: int, data: bytes) -> str:
    """A content identifier, version 1 with SHA-256: `codec` 0x55 for raw bytes, 0x71 for records."""
    whole = bytes([1, codec, 0x12, 0x20]) + hashlib.sha256(data).digest()
    return "b" + base64.b32encode(whole).decode().lower().rstrip("=")


def _input(request: Request) -> Json:
    body = request.json()
    check_input(request.path.removeprefix("/xrpc/"), body)
    return body


def _check_facets(record: Json) -> None:
    text, end = record["text"].encode(), 0
    for facet in record.get("facets", []):
        start, stop = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        if not end <= start < stop <= len(text):
            raise XrpcError(400, "InvalidRequest", "Facets overlap or stand outside the text")
        try:
            text[start:stop].decode()
        except UnicodeDecodeError:
            raise XrpcError(400, "InvalidRequest", "A facet cuts a character") from None
        end = stop


def _seen(uri: str, record: Json) -> Seen:
    reply = record.get("reply", {})
    images = record.get("embed", {}).get("images", [])
    return Seen(
        uri,
        record["text"],
        language="".join(record.get("langs", [])),
        alts=tuple(image["alt"] for image in images),
        parent=reply.get("parent", {}).get("uri", ""),
        root=reply.get("root", {}).get("uri", ""),
    )


def _part(claims: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def _claims(token: str) -> Json:
    middle = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
