"""Connecting LinkedIn pages by OAuth 2.0 (LinkedIn docs, Authorization Code Flow, read 2026-11-23).

The flow for web apps has no PKCE at LinkedIn; the app's secret and `state` stand for it.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from authlib.integrations.requests_client import OAuth2Session

from networks import tokens
from networks.connecting import App, Consent, Grant, OAuthConnector
from networks.content import Account
from networks.errors import ReconnectError, RefusedError
from networks.http import Answer, Http
from networks.linkedin.adapter import page_of
from networks.linkedin.session import API, TOKEN_PATH, VERSION_HEADERS, app_fields, oauth_host, refuse
from networks.words import _

MAY_POST = frozenset({"ADMINISTRATOR", "CONTENT_ADMIN", "CONTENT_ADMINISTRATOR"})
"""Roles on a page that may post in its name; the second is written both ways in LinkedIn's documents."""


class LinkedInConnector(OAuthConnector):
    """Gives one grant for each page on which the person may post."""

    default_base_url = API
    needs = _("You need the role of administrator or content administrator on your organisation's page at LinkedIn.")
    scopes: ClassVar[tuple[str, ...]] = ("w_organization_social", "r_organization_social", "rw_organization_admin")

    def consent(self, redirect_uri: str, state: str) -> Consent:
        asking = OAuth2Session(self._app.client_id, scope=" ".join(self.scopes), redirect_uri=redirect_uri)
        host = oauth_host(self.base_url)
        url, _ = asking.create_authorization_url(f"{host}/oauth/v2/authorization", state=state)
        return Consent(url)

    def exchange(self, redirect_uri: str, answer: Mapping[str, str], kept: Mapping[str, str]) -> Sequence[Grant]:
        if answer.get("error") or not answer.get("code"):
            raise RefusedError(
                "LinkedIn was not allowed to connect a page. Nothing was stored.", code="consent-refused"
            )
        fields = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": redirect_uri}
        http = Http(oauth_host(self.base_url), secrets=[self._app.client_secret, answer["code"]])
        given = tokens.exchange(http, TOKEN_PATH, fields | app_fields(self._app))
        missing = [scope for scope in self.scopes if given.scopes and scope not in given.scopes]
        if missing:
            raise RefusedError(
                f"LinkedIn did not give the right {missing[0]}. The operator's app may not be approved for it yet.",
                code="scope",
            )
        grants = [self._grant(page, given) for page in self._pages(given.access)]
        if not grants:
            raise RefusedError(
                "You are an administrator or content administrator of no page on LinkedIn. Ask the page's "
                "administrator for that role, then connect again.",
                code="no-page",
            )
        return grants

    @property
    def _app(self) -> App:
        if self.app is None:
            raise RefusedError("The operator has not put in the keys of an app at LinkedIn yet.", code="no-app")
        return self.app

    def _pages(self, token: str) -> list[Account]:
        asked = "/rest/organizationAcls?q=roleAssignee&state=APPROVED&count=100"
        elements = self._ask(asked, token, {"X-RestLi-Method": "FINDER"}).json().get("elements")
        roles = [one for one in elements if isinstance(one, dict)] if isinstance(elements, list) else []
        urns = [str(one.get("organization", "")) for one in roles if one.get("role") in MAY_POST]
        return [page_of(self._ask(f"/rest/organizations/{urn.rpartition(':')[2]}", token).json()) for urn in
                dict.fromkeys(urns) if urn.startswith("urn:li:organization:")]  # fmt: skip

    def _ask(self, path: str, token: str, headers: Mapping[str, str] | None = None) -> Answer:
        http = Http(self.base_url, headers={"Authorization": f"Bearer {token}", **VERSION_HEADERS, **(headers or {})})
        answer = http.request("GET", path)
        if not answer.ok:
            try:
                refuse(answer, http)
            except ReconnectError as error:
                raise RefusedError(error.message, code=error.code) from error
        return answer

    def _grant(self, page: Account, given: tokens.Tokens) -> Grant:
        credentials = {**given.stored(), **app_fields(self._app), "organization": page.remote_id}
        return Grant(page, credentials, self.base_url, given.end, given.scopes)
