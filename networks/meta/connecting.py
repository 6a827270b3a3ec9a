"""Connecting by Facebook Login for Business: a code, a short token, a long one, and from that a token of each Page.

The steps are Meta's (developers.facebook.com, Manually build a login flow; Long-lived access tokens; Facebook Login for
Business; read 2026-11-23 and 2026-11-24). A Page's token that comes from a long-lived user token has no date on which it
ends. It dies when the person who connected changes the password or loses the role on the Page, and a permission that the
app did not use for 90 days must be granted again (Permissions Reference, read 2026-11-24).
"""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from networks.connecting import App, Consent, Field, Grant, OAuthConnector
from networks.content import Json
from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError
from networks.meta.client import Graph, proof_of
from networks.meta.reading import items
from networks.meta.version import GRAPH

GRAPH_URL = "https://graph.facebook.com"
CONSENT_URL = "https://www.facebook.com"
MAY_BE_MISSING = frozenset({"business_management"})
"""Asked for because Pages inside a business portfolio are not listed without it; nobody is refused for lacking it."""
CALL_SECONDS = 6.0
"""How long each call may last: a person waits in a browser for all of them, and a web server waits 30 s at most."""
MOST_LISTS = 20
"""Lists of 100 Pages that are read at most."""


@dataclass(frozen=True)
class Page:
    """A Page that the person may post on, as `/me/accounts` tells it. `instagram` is the account behind it, if any."""

    remote_id: str
    name: str
    token: str = field(repr=False)
    url: str
    instagram: Mapping[str, Json]


class MetaConnector(OAuthConnector):
    """The way to Pages; a subclass says what it makes of each."""

    default_base_url = GRAPH_URL
    version = GRAPH.version
    configuration = Field(
        "configuration",
        "Configuration id (config_id)",
        "From Facebook Login for Business, where the app has a configuration; it then says which permissions are asked "
        "for. Leave it empty, and Chorus asks for them by name.",
    )

    @abstractmethod
    def grants(self, pages: Sequence[Page], scopes: tuple[str, ...]) -> Sequence[Grant]:
        """What can be connected. Raises RefusedError with a sentence where it is nothing."""

    def consent(self, redirect_uri: str, state: str) -> Consent:
        """Meta's consent page. With a configuration the permissions stand in that, else they are asked for by name.

        Meta documents PKCE for its OpenID flow alone, so there is none: the code is of no use without the secret."""
        app = self._app()
        asked = {"config_id": app.configuration} if app.configuration else {"scope": ",".join(self.scopes)}
        graph = Graph(self.base_url, version=self.version)
        fields = {"response_type": "code", "state": state, **asked}
        return Consent(graph.consent_url(_consent_base(self.base_url), app.client_id, redirect_uri, **fields))

    def exchange(self, redirect_uri: str, answer: Mapping[str, str], kept: Mapping[str, str]) -> Sequence[Grant]:
        if not answer.get("code"):
            raise _declined(answer)
        try:
            graph = self._signed_in(answer["code"], redirect_uri)
            scopes = self._granted(graph)
            pages = list(self._pages(graph))
        except ReconnectError as error:  # here nobody is connected yet
            message, code = error.message, error.code
        else:
            return self.grants(pages, scopes)
        raise RefusedError(f"Begin connecting again. ({message})", code=code)

    def revoke(self, credentials: Mapping[str, str]) -> None:
        """Does nothing. Meta can only take a person's whole consent back, and with it every other Page and Instagram
        account that the same person connected here; a Page's token, once deleted, is known to nobody."""

    def _signed_in(self, code: str, redirect_uri: str) -> Graph:
        """The API with the person's long-lived token. The secret and the codes travel in the body of a POST."""
        short = self._token({"redirect_uri": redirect_uri, "code": code}, secret=code)
        exchanged = {"grant_type": "fb_exchange_token", "fb_exchange_token": short}
        token = self._token(exchanged, secret=short)
        proof = proof_of(token, self._app().client_secret)
        return Graph(self.base_url, token, proof=proof, version=self.version, seconds=CALL_SECONDS)

    def _token(self, fields: Mapping[str, str], *, secret: str) -> str:
        app = self._app()
        secrets = [app.client_secret, secret]
        graph = Graph(self.base_url, secrets=secrets, version=self.version, seconds=CALL_SECONDS)
        keys = {"client_id": app.client_id, "client_secret": app.client_secret}
        try:
            token = graph.post("oauth/access_token", **keys, **fields).get("access_token")
        except (LaterError, RefusedError) as error:
            if not _about_the_app(error):
                raise
            message = error.message
        else:
            if isinstance(token, str) and token:
                return token
            raise LaterError("Meta answered without a token.", code="unreadable")
        raise RefusedError(
            f"The keys of the Meta app are not right; the operator must look at them. ({message})", code="app"
        )

    def _granted(self, graph: Graph) -> tuple[str, ...]:
        """The permissions that were given. Raises RefusedError where one is missing that posting needs."""
        told, _ = items(graph.get("me/permissions"))
        scopes = tuple(str(one.get("permission", "")) for one in told if one.get("status") == "granted")
        missing = [scope for scope in self.scopes if scope not in scopes and scope not in MAY_BE_MISSING]
        if missing:
            raise RefusedError(
                f"Facebook did not give {', '.join(missing)}. Connect again and leave everything switched on.",
                code="scope-missing",
            )
        return scopes

    def _pages(self, graph: Graph) -> Iterable[Page]:
        """Every Page on which the person may create content."""
        fields = "id,name,access_token,tasks,link,instagram_business_account{id,username,name}"
        after: dict[str, str] = {}
        for _ in range(MOST_LISTS):
            told, cursor = items(graph.get("me/accounts", fields=fields, limit=100, **after))
            yield from (_page(one) for one in told if _may_post(one))
            if not cursor:
                return
            after = {"after": cursor}

    def _app(self) -> App:
        if self.app is None:
            raise RefusedError("The operator has not put in the keys of a Meta app yet.", code="no-app")
        return self.app

    def page_credentials(self, page: Page) -> dict[str, str]:
        """What an adapter needs to speak for a Page."""
        return {"access_token": page.token, "appsecret_proof": proof_of(page.token, self._app().client_secret)}


def _consent_base(base_url: str) -> str:
    """Meta's consent page lives on another host than its API; a local server has both."""
    return CONSENT_URL if urlsplit(base_url).hostname == urlsplit(GRAPH_URL).hostname else base_url


def _about_the_app(error: NetworkError) -> bool:
    """Whether it is the app that Meta does not know (code 101) or whose secret is wrong (code 1, in words alone)."""
    return error.code == "101" or (error.code == "1" and "client secret" in error.message)


def _declined(answer: Mapping[str, str]) -> RefusedError:
    if answer.get("error") == "access_denied":
        return RefusedError("Nothing was connected: the consent was not given.", code="declined")
    return RefusedError("Facebook sent no code back. Begin connecting again.", code="no-code")


def _may_post(page: Mapping[str, Json]) -> bool:
    """Whether the person has the task CREATE_CONTENT there; where Meta tells no tasks, posting will show it."""
    tasks = page.get("tasks")
    may = "CREATE_CONTENT" in tasks if isinstance(tasks, list) else True
    return may and bool(page.get("id") and page.get("access_token"))


def _page(told: Mapping[str, Json]) -> Page:
    instagram = told.get("instagram_business_account")
    return Page(
        remote_id=str(told["id"]),
        name=str(told.get("name") or told["id"]),
        token=str(told["access_token"]),
        url=str(told.get("link") or f"https://www.facebook.com/{told['id']}"),
        instagram=instagram if isinstance(instagram, dict) else {},
    )
