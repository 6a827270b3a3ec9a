"""Connecting an X account by OAuth 2.0 with PKCE (docs.x.com, Authentication, read 2026-11-23)."""

import secrets
from collections.abc import Mapping, Sequence
from typing import ClassVar

from authlib.integrations.requests_client import OAuth2Session

from networks import tokens
from networks.connecting import App, Consent, Grant, OAuthConnector
from networks.errors import NetworkError, RefusedError
from networks.http import Http
from networks.x.adapter import account_of
from networks.x.session import token_call

API = "https://api.x.com"
CONSENT = "https://x.com"
"""The consent page lives on another host than the API; with any other `base_url` (tests, the demo) on the same."""


class XConnector(OAuthConnector):
    """The app is the operator's; X asks for one app per use and forbids the keys of others (its developer policy)."""

    default_base_url = API
    scopes: ClassVar[tuple[str, ...]] = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")

    def consent(self, redirect_uri: str, state: str) -> Consent:
        verifier = secrets.token_urlsafe(64)
        host = CONSENT if self.base_url == API else self.base_url
        asking = OAuth2Session(
            self._app.client_id, scope=" ".join(self.scopes), redirect_uri=redirect_uri, code_challenge_method="S256"
        )
        url, _ = asking.create_authorization_url(f"{host}/i/oauth2/authorize", state=state, code_verifier=verifier)
        return Consent(url, {"verifier": verifier})

    def exchange(self, redirect_uri: str, answer: Mapping[str, str], kept: Mapping[str, str]) -> Sequence[Grant]:
        if answer.get("error") or not answer.get("code"):
            raise RefusedError("X was not allowed to connect this account. Nothing was stored.", code="consent-refused")
        fields = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": redirect_uri,
            "code_verifier": kept["verifier"],
        }
        http = self._http(answer["code"], kept["verifier"])
        given = tokens.exchange(http, *token_call(self._app, fields))
        missing = [scope for scope in self.scopes if given.scopes and scope not in given.scopes]
        if missing:
            raise RefusedError(f"X did not give the right {missing[0]}. Connect again and allow all.", code="scope")
        told = http.request("GET", "/2/users/me", headers={"Authorization": f"Bearer {given.access}"})
        if not told.ok:
            raise RefusedError(f"X did not say whose account it is ({told.status}).", code=f"http-{told.status}")
        account = account_of(told.json())
        app = {"client_id": self._app.client_id, "client_secret": self._app.client_secret}
        named = {"user_id": account.remote_id, "username": account.name.removeprefix("@")}
        # No end: a refresh token of X has none that X names; each renewal gives a new one.
        return [Grant(account, {**given.stored(), **named, **app}, self.base_url, None, given.scopes)]

    def revoke(self, credentials: Mapping[str, str]) -> None:
        """Tells X; where X does not answer, the tokens die by themselves within six months at most (UNVERIFIED)."""
        http = self._http(credentials["access_token"], credentials["refresh_token"])
        for name in ("refresh_token", "access_token"):
            if not credentials.get(name):
                continue
            app = App(credentials["client_id"], credentials["client_secret"])
            _path, fields, headers = token_call(app, {"token": credentials[name], "token_type_hint": name})
            try:
                tokens.post_form(http, "/2/oauth2/revoke", fields, headers)
            except NetworkError:
                return

    @property
    def _app(self) -> App:
        if self.app is None:
            raise RefusedError("The operator has not put in the keys of an app at X yet.", code="no-app")
        return self.app

    def _http(self, *hidden: str) -> Http:
        return Http(self.base_url, secrets=[self._app.client_secret if self.app else "", *hidden])
