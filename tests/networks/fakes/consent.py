"""The OAuth 2.0 side of a local network: a consent page that can be clicked, codes that work once, tokens that rotate."""

import base64
import hashlib
import html
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from networks.content import Json
from tests.networks.fakes.base import Reply, Request

CLIENT_ID, CLIENT_SECRET = "chorus-client-id", "chorus-client-secret-5c1"


class OAuthError(Exception):
    """An answer of the token endpoint that refuses."""

    def __init__(self, code: str, words: str = "", status: int = 400) -> None:
        super().__init__(code)
        self.reply = Reply.of(status, {"error": code, "error_description": words or code})


@dataclass
class Asked:
    """What a consent was given for."""

    redirect_uri: str
    scope: str
    challenge: str


@dataclass
class Consents:
    """One app's codes and tokens. `title` names the network on its consent page, `pkce` says whether it wants PKCE,
    `separator` stands between scopes. A refresh token works once where `rotates`."""

    title: str
    pkce: bool = True
    rotates: bool = True
    access_life: int = 7200
    refresh_life: int = 0
    gives_refresh: bool = True
    codes: dict[str, Asked] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)

    def page(self, request: Request) -> Reply:
        """The consent page (GET), or the way back from it (POST, with `answer` yes or no in the form)."""
        asked, problem = request.query, self._problem(request.query)
        if problem:
            return Reply(400, f"<!doctype html><title>{self.title}</title><p>{html.escape(problem)}".encode(), HTML)
        if request.method == "GET":
            return Reply(200, self._page(asked).encode(), HTML)
        form = {name: values[-1] for name, values in parse_qs(request.body.decode()).items()}
        if form.get("answer") != "yes":
            return _back(asked["redirect_uri"], {"error": "access_denied", "state": asked["state"]})
        code = secrets.token_urlsafe(16)
        self.codes[code] = Asked(asked["redirect_uri"], asked["scope"], asked.get("code_challenge", ""))
        return _back(asked["redirect_uri"], {"code": code, "state": asked["state"]})

    def token(self, request: Request) -> Reply:
        """The token endpoint."""
        form = {name: values[-1] for name, values in parse_qs(request.body.decode()).items()}
        try:
            self._check_app(request, form)
            if form.get("grant_type") == "authorization_code":
                return self._tokens(self._scope_of(form))
            if form.get("grant_type") == "refresh_token":
                return self._renewed(form)
        except OAuthError as error:
            return error.reply
        return OAuthError("unsupported_grant_type").reply

    def revoke(self, request: Request) -> Reply:
        """The revocation endpoint: what is unknown is no error (RFC 7009)."""
        form = {name: values[-1] for name, values in parse_qs(request.body.decode()).items()}
        self.access.pop(form.get("token", ""), None)
        self.refresh.pop(form.get("token", ""), None)
        return Reply.of(200, {"revoked": True})

    def bearer(self, request: Request) -> str | None:
        """The scopes of the request's token, None where it is of no use."""
        scheme, _, token = (request.headers["Authorization"] or "").partition(" ")
        return self.access.get(token) if scheme == "Bearer" else None

    def end(self) -> None:
        """Every token is dead, as when somebody takes the app's right away."""
        self.access.clear()
        self.refresh.clear()

    def give(self, scope: str) -> dict[str, Json]:
        """Tokens without a consent, for tests that begin with a connected account."""
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.access[access] = scope
        given = {"token_type": "bearer", "expires_in": self.access_life, "access_token": access, "scope": scope}
        if self.gives_refresh:
            self.refresh[refresh] = scope
            given |= {"refresh_token": refresh}
            given |= {"refresh_token_expires_in": self.refresh_life} if self.refresh_life else {}
        return given

    def _problem(self, asked: Mapping[str, str]) -> str:
        if asked.get("response_type") != "code" or asked.get("client_id") != CLIENT_ID:
            return "The app is not known here."
        if not asked.get("state") or not asked.get("scope") or not asked.get("redirect_uri", "").startswith("http"):
            return "A state, a scope and a redirect address are needed."
        if self.pkce and (asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge")):
            return "A code challenge with S256 is needed."
        return ""

    def _page(self, asked: Mapping[str, str]) -> str:
        scopes = "".join(f"<li>{html.escape(scope)}</li>" for scope in asked["scope"].split())
        return (
            f"<!doctype html><html lang=en><title>{self.title} (local)</title><h1>{self.title}, a local stand-in</h1>"
            f"<p>Chorus asks for:<ul>{scopes}</ul>"
            "<form method=post><button name=answer value=yes>Authorize app</button> "
            "<button name=answer value=no>Cancel</button></form></html>"
        )

    def _check_app(self, request: Request, form: Mapping[str, str]) -> None:
        scheme, _, pair = (request.headers["Authorization"] or "").partition(" ")
        named = base64.b64decode(pair).decode() if scheme == "Basic" else ""
        named = named or f"{form.get('client_id', '')}:{form.get('client_secret', '')}"
        if named != f"{CLIENT_ID}:{CLIENT_SECRET}":
            raise OAuthError("invalid_client", f"The app is not known: {named}", 401)

    def _scope_of(self, form: Mapping[str, str]) -> str:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or asked.redirect_uri != form.get("redirect_uri"):
            raise OAuthError(
                "invalid_grant", f"Value passed for the authorization code was invalid: {form.get('code')}"
            )
        verifier = form.get("code_verifier", "")
        made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        if self.pkce and made != asked.challenge:
            raise OAuthError("invalid_grant", "Code verifier does not match")
        return asked.scope

    def _renewed(self, form: Mapping[str, str]) -> Reply:
        token = form.get("refresh_token", "")
        scope = self.refresh.get(token)
        if scope is None:
            raise OAuthError("invalid_grant", f"Value passed for the token was invalid: {token}")
        if not self.rotates:
            return Reply.of(200, {**self.give(scope), "refresh_token": token})
        del self.refresh[token]
        return self._tokens(scope)

    def _tokens(self, scope: str) -> Reply:
        return Reply.of(200, self.give(scope))


HTML = {"Content-Type": "text/html; charset=utf-8"}


def _back(address: str, fields: Mapping[str, str]) -> Reply:
    joined = "&" if urlsplit(address).query else "?"
    return Reply(302, headers={"Location": f"{address}{joined}{urlencode(fields)}"})
