"""A network whose consent opens several pages, with an app that the operator puts in."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from networks.connecting import Consent, Grant, OAuthConnector
from networks.content import Account

END = datetime.now(UTC).replace(microsecond=0) + timedelta(days=60)
revoked: list[str] = []


class PagesConnector(OAuthConnector):
    """Two pages, one credential each."""

    default_base_url = "https://graph.example"
    scopes = ("post", "read")

    def consent(self, redirect_uri: str, state: str) -> Consent:
        assert self.app is not None
        return Consent(f"{self.base_url}/dialog?client_id={self.app.client_id}&state={state}", {"verifier": "kept"})

    def exchange(self, redirect_uri: str, answer: Mapping[str, str], kept: Mapping[str, str]) -> Sequence[Grant]:
        assert kept == {"verifier": "kept"}
        return [
            Grant(Account(number, name), {"access_token": f"token-{number}"}, self.base_url, END, self.scopes)
            for number, name in (("1", "Helpline"), ("2", "Volunteers"))
        ]

    def revoke(self, credentials: Mapping[str, str]) -> None:
        revoked.append(credentials["access_token"])
