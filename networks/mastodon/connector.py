"""Connecting an account by its instance's consent page; the app registers itself at each instance."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from networks.connecting import App, Consent, Grant, OAuthConnector
from networks.content import Json
from networks.errors import LaterError, NetworkError, RefusedError
from networks.http import Answer, Http
from networks.library import LibrarySession, our_error
from networks.mastodon.adapter import account_of
from networks.mastodon.client import wait_of
from networks.mastodon.instance import instance_of, keeps_keys, version_of
from networks.public_hosts import guarded_session, require_public


class MastodonConnector(OAuthConnector):
    """One instance. `base_url` is what a person typed, so each use asks first whether it is a public host."""

    needs_app = False
    asks_for_server = True
    default_base_url = "https://mastodon.social"
    scopes = ("read:accounts", "read:statuses", "write:statuses", "write:media")

    def register(self, redirect_uri: str) -> App:
        """A new app at this instance. Raises RefusedError where this is no such server."""
        asked = {"client_name": "Chorus", "redirect_uris": redirect_uri, "scopes": " ".join(self.scopes)}
        answer = _posted(self._http(), "/api/v1/apps", asked)
        fields = answer.details()
        client_id, secret = fields.get("client_id"), fields.get("client_secret")
        if not answer.ok or not isinstance(client_id, str) or not isinstance(secret, str):
            raise RefusedError("This server does not speak Mastodon's language.", code="address")
        return App(client_id, secret)

    def consent(self, redirect_uri: str, state: str) -> Consent:
        verifier = generate_token(64)
        client = self._client(redirect_uri)
        url, _state = client.create_authorization_url(
            f"{self.base_url}/oauth/authorize", state=state, code_verifier=verifier
        )
        return Consent(url, {"verifier": verifier})

    def exchange(self, redirect_uri: str, answer: Mapping[str, str], kept: Mapping[str, str]) -> Sequence[Grant]:
        if "code" not in answer:
            raise RefusedError("The instance did not give its consent. Nothing was connected.", code="no-consent")
        token = self._token(redirect_uri, answer["code"], kept)
        granted = tuple(str(token.get("scope", "")).split())
        if granted and not _covers(granted, self.scopes):
            raise RefusedError("The instance gave less than Chorus needs to post. Allow all of it.", code="scopes")
        http = self._http(token["access_token"])
        account = http.request(
            "GET", "/api/v1/accounts/verify_credentials", headers={"Authorization": f"Bearer {token['access_token']}"}
        )
        return [self._grant(token["access_token"], account.json(), instance_of(http), granted)]

    def revoke(self, credentials: Mapping[str, str]) -> None:
        """Ends the token at the instance. A token that has ended already is no error."""
        token, app = credentials["access_token"], self._app()
        body = {"client_id": app.client_id, "client_secret": app.client_secret, "token": token}
        answer = _posted(self._http(token), "/oauth/revoke", body)
        if not answer.ok:
            raise RefusedError(f"{answer.request}: {answer.status}", code=f"http-{answer.status}")

    def _grant(
        self, token: str, fields: Mapping[str, Json], instance: Mapping[str, Json], scopes: tuple[str, ...]
    ) -> Grant:
        account = account_of(fields, self.base_url)
        credentials = {
            "access_token": token,
            "account_id": str(fields["id"]),
            "version": version_of(instance),
            "keeps_keys": "yes" if keeps_keys(instance) else "no",
        }
        return Grant(account, credentials, self.base_url, scopes=scopes)

    def _token(self, redirect_uri: str, code: str, kept: Mapping[str, str]) -> dict[str, Any]:
        client = self._client(redirect_uri)
        client.session = LibrarySession(self._http(code, kept["verifier"]), instead_of=self.base_url)
        problem: NetworkError
        try:
            token = client.fetch_token(
                f"{self.base_url}/oauth/token",
                code=code,
                grant_type="authorization_code",
                code_verifier=kept["verifier"],
                scope=" ".join(self.scopes),
            )
        except OAuthError:
            problem = RefusedError(
                "The instance did not take the code of its own consent page. Begin again.", code="code"
            )
        except Exception as error:  # an answer that is no JSON, a failure on the way
            problem = our_error(error) or LaterError("The instance's answer cannot be read.", code="unreadable")
        else:
            if isinstance(token.get("access_token"), str):
                return dict(token)
            problem = LaterError("The instance's answer has no token.", code="unreadable")
        raise problem

    def _client(self, redirect_uri: str) -> OAuth2Session:
        app = self._app()
        return OAuth2Session(
            client_id=app.client_id,
            client_secret=app.client_secret,
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 - a way to authenticate, not a secret
            scope=" ".join(self.scopes),
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )

    def _app(self) -> App:
        if self.app is None:
            raise RefusedError("There is no app of ours at this instance yet.", code="no-app")
        return self.app

    def _http(self, *secrets: str) -> Http:
        known = [self.app.client_secret] if self.app else []
        return Http(require_public(self.base_url), secrets=[*known, *secrets], session=guarded_session(), wait=wait_of)


def _posted(http: Http, path: str, fields: Mapping[str, str]) -> Answer:
    """As a form: servers of other kinds, and Mastodon before 4.3, know no list of redirect addresses."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return http.request("POST", path, data=urlencode(fields).encode(), headers=headers)


def _covers(granted: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether each wanted scope was granted, by its own name or by the whole it belongs to (`write`)."""
    return all(scope in granted or scope.partition(":")[0] in granted for scope in wanted)
