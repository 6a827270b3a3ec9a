"""The Graph API as far as Facebook and Instagram share it: versions, tokens, consent, errors, one person's Pages.

It is stricter than Meta in three things: a token in an address is refused, every call needs `appsecret_proof` (an app
can switch that on), and a parameter that the published descriptions do not know is refused (Meta ignores some).
"""

import html
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from urllib.parse import parse_qs, urlencode

from networks.content import Json
from networks.meta.client import proof_of
from networks.meta.version import GRAPH
from tests.networks.fakes.base import FakeServer, Reply, Request
from tests.networks.fakes.graph_spec import SpecError, check_call, check_fields

APP_ID, APP_SECRET, CONFIGURATION = "1234567890", "app-secret-000111222", "998877"
USER = "100000000000001"
REDIRECT = "http://127.0.0.1:8000/connect/back"
SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "instagram_basic",
    "instagram_content_publish",
    "business_management",
)

Params = Mapping[str, str | bytes]


class GraphError(Exception):
    """An answer of the Graph API that refuses."""

    def __init__(self, code: int, message: str, *, subcode: int = 0, status: int = 400, **more: Json) -> None:
        super().__init__(message)
        error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1b2C3", **more}
        self.reply = Reply.of(status, {"error": error | ({"error_subcode": subcode} if subcode else {})})


@dataclass
class FakePage:
    """A Page; `instagram` is the id of the account behind it, if any."""

    remote_id: str
    name: str
    tasks: tuple[str, ...] = ("ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MANAGE")
    instagram: str = ""
    token: str = field(default_factory=lambda: f"EAAPage{secrets.token_urlsafe(24)}")


class FakeGraph(FakeServer):
    """One person with Pages. A subclass adds `calls`: (kind of node, method, edge) → what answers."""

    calls: Mapping[tuple[str, str, str], Callable[..., Json]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.pages = [
            FakePage("200000000000001", "Victim Support Test", instagram="178414000000001"),
            FakePage("200000000000002", "Only to look at", tasks=("ANALYZE",)),
            FakePage("200000000000003", "A second Page"),
        ]
        self.usernames = {"178414000000001": "victimsupporttest"}
        self.scopes = set(SCOPES)
        self.tokens: dict[str, str] = {page.token: page.remote_id for page in self.pages}
        self._codes: dict[str, str] = {}

    @property
    def page(self) -> FakePage:
        """The first Page."""
        return self.pages[0]

    def credentials(self) -> dict[str, str]:
        """What the first Page's channel would hold."""
        proof = proof_of(self.page.token, APP_SECRET)
        return {"page_id": self.page.remote_id, "access_token": self.page.token, "appsecret_proof": proof}

    def kind_of(self, node: str) -> str:
        """Which kind of node an id is. Raises GraphError for one that nobody knows."""
        if node == "me":
            return "User"
        if node in {page.remote_id for page in self.pages}:
            return "Page"
        if node in self.usernames:
            return "IGUser"
        raise GraphError(100, f"Unsupported request. Object with ID '{node}' does not exist", subcode=33)

    def answer(self, request: Request) -> Reply:
        try:
            return self._answer(request)
        except GraphError as error:
            return error.reply
        except SpecError as error:
            return GraphError(100, f"(#100) {error}").reply

    def definite(self, scenario: str, request: Request) -> Reply:
        if scenario == "refused":
            return GraphError(100, "Invalid parameter", error_user_msg="This text is not wanted here.").reply
        if scenario == "duplicate":
            return GraphError(506, "Duplicate status message").reply
        if scenario == "token_dead":
            told = request.headers["Authorization"]
            return GraphError(190, f"Error validating access token: {told}", subcode=460).reply
        if scenario == "scope_missing":
            return GraphError(200, "(#200) The permission to publish has not been granted").reply
        if scenario == "rate_limited":
            usage = '{"200000000000001": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 5}]}'
            reply = GraphError(32, "Page request limit reached").reply
            return Reply(400, reply.body, {**reply.headers, "X-Business-Use-Case-Usage": usage})
        return super().definite(scenario, request)

    def _answer(self, request: Request) -> Reply:
        version, _, path = request.path.strip("/").partition("/")
        if version != GRAPH.version:
            raise GraphError(2635, f"You are calling a deprecated version of the Graph API: {version}")
        if path.startswith("dialog/"):
            return self._dialog(request)
        if path == "oauth/access_token":
            return Reply.of(200, self._token(request))
        node, _, edge = path.partition("/")
        params = params_of(request)
        self._check(request, node, params)
        edge = edge or f"#{request.method.lower()}"
        kind = self.kind_of(node)
        check_call(kind, request.method, edge, params)
        if (kind, request.method, edge) not in ALL_CALLS | dict(self.calls):
            raise GraphError(100, f"Unsupported {request.method.lower()} request")
        return Reply.of(200, (ALL_CALLS | dict(self.calls))[kind, request.method, edge](self, node, params))

    def _check(self, request: Request, node: str, params: Params) -> None:
        """The token, whose it is, and the proof that the caller knows the app's secret."""
        if "access_token" in {*request.query, *params}:
            raise GraphError(100, "This server takes a token in the header alone")
        token = (request.headers["Authorization"] or "").removeprefix("Bearer ")
        owner = self.tokens.get(token)
        if owner is None:
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token", status=401)
        if params.get("appsecret_proof") != proof_of(token, APP_SECRET):
            raise GraphError(100, "Invalid appsecret_proof provided in the API argument")
        if node == "me" and owner != USER:
            raise GraphError(100, "This server has `me` for people alone")

    def _dialog(self, request: Request) -> Reply:
        """The consent page; `dialog/answer` is where its two links lead."""
        asked = request.query
        if asked.get("client_id") != APP_ID or asked.get("redirect_uri", "").partition("?")[0] not in self.redirects:
            return Reply(400, b"<h1>URL blocked</h1><p>This redirect address is not on the list of the app.</p>", HTML)
        if not request.path.endswith("dialog/answer"):
            return Reply(200, _consent_page(request, self.pages), HTML)
        given: dict[str, str] = {"state": asked["state"]}
        if asked.get("choice") == "allow":
            code = secrets.token_urlsafe(24)
            self._codes[code] = asked["redirect_uri"]
            given["code"] = code
        else:
            given |= {"error": "access_denied", "error_reason": "user_denied", "error_description": "Permissions error"}
        return Reply(302, headers={"Location": f"{asked['redirect_uri']}?{urlencode(given)}"})

    redirects: tuple[str, ...] = (REDIRECT,)

    def _token(self, request: Request) -> Json:
        params = params_of(request)
        if request.query or request.method != "POST":
            raise GraphError(100, "This server takes secrets in the body alone")
        check_call("OAuth", "POST", "access_token", params)
        if params["client_id"] != APP_ID:
            raise GraphError(101, "Error validating application. Cannot get application info due to a system error.")
        if params["client_secret"] != APP_SECRET:
            raise GraphError(1, "Error validating client secret.")
        if params.get("grant_type") == "fb_exchange_token":
            if self.tokens.pop(str(params["fb_exchange_token"]), "") != "short":
                raise GraphError(190, "This token cannot be exchanged")
            return self._new_token(USER, 5_183_944)
        if self._codes.pop(str(params["code"]), "") != params["redirect_uri"]:
            raise GraphError(100, "This authorization code has been used.", subcode=36009)
        return self._new_token("short", 5400)

    def _new_token(self, owner: str, seconds: int) -> Json:
        token = f"EAAUser{secrets.token_urlsafe(24)}"
        self.tokens[token] = owner
        return {"access_token": token, "token_type": "bearer", "expires_in": seconds}

    def accounts(self, _node: str, params: Params) -> Json:
        """Two Pages to a list, so that the second list must be asked for."""
        check_fields("Account", str(params["fields"]))
        start = int(str(params.get("after", 0)))
        cursors = {"cursors": {"after": str(start + 2)}}
        paging = cursors | ({"next": "https://graph.facebook.com/…"} if start + 2 < len(self.pages) else {})
        return {"data": [self._account(page) for page in self.pages[start : start + 2]], "paging": paging}

    def _account(self, page: FakePage) -> Json:
        told = {"id": page.remote_id, "name": page.name, "access_token": page.token, "tasks": list(page.tasks)}
        own = {"id": page.instagram, "username": self.usernames.get(page.instagram, "")}
        return (
            told
            | {"link": f"https://www.facebook.com/{page.remote_id}"}
            | ({"instagram_business_account": own} if page.instagram else {})
        )

    def permissions(self, _node: str, _params: Params) -> Json:
        states = {True: "granted", False: "declined"}
        return {"data": [{"permission": one, "status": states[one in self.scopes]} for one in SCOPES]}

    def get_page(self, node: str, params: Params) -> Json:
        check_fields("Page", str(params["fields"]))
        (page,) = [one for one in self.pages if one.remote_id == node]
        return {"id": node, "name": page.name, "link": f"https://www.facebook.com/{node}"}


ALL_CALLS: dict[tuple[str, str, str], Callable[..., Json]] = {
    ("User", "GET", "accounts"): FakeGraph.accounts,
    ("User", "GET", "permissions"): FakeGraph.permissions,
    ("Page", "GET", "#get"): FakeGraph.get_page,
}
HTML = {"Content-Type": "text/html; charset=utf-8"}


def params_of(request: Request) -> dict[str, str | bytes]:
    """The parameters of a call: from the address of a GET or DELETE, from the form of a POST; a file as bytes."""
    kind = request.headers["Content-Type"] or ""
    if request.method != "POST":
        return dict(request.query)
    if kind.startswith("multipart/form-data"):
        return _parts(kind, request.body)
    pairs = parse_qs(request.body.decode(), keep_blank_values=True, strict_parsing=bool(request.body))
    if any(len(values) > 1 for values in pairs.values()):
        raise SpecError("A parameter stands there twice")
    return {name: values[0] for name, values in pairs.items()}


def _parts(kind: str, body: bytes) -> dict[str, str | bytes]:
    message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found: dict[str, str | bytes] = {}
    for part in message.get_payload():
        name = str(part.get_param("name", header="content-disposition"))  # type: ignore[union-attr]
        content = part.get_payload(decode=True)  # type: ignore[union-attr]
        found[name] = content if part.get_filename() else content.decode()  # type: ignore[union-attr]
    return found


def _consent_page(request: Request, pages: list[FakePage]) -> bytes:
    """Plain links, so that it works in any browser."""
    back = request.path.removesuffix("/oauth") + "/answer"
    links = {
        choice: html.escape(f"{back}?{urlencode({**request.query, 'choice': choice})}") for choice in ("allow", "deny")
    }
    listed = "".join(f"<li>{html.escape(page.name)}</li>" for page in pages)
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Log in with Facebook (a local stand-in)</title>"
        f"<h1>Chorus asks for access</h1><ul>{listed}</ul>"
        f"<p><a href='{links['allow']}'>Continue</a> <a href='{links['deny']}'>Cancel</a></p></html>"
    ).encode()
