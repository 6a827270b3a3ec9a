"""Connecting a Bluesky account: by its handle and an app password, which is used once and not stored."""

from collections.abc import Mapping
from typing import ClassVar

from networks.bluesky.session import connect, end_of
from networks.connecting import Field, FormConnector, Grant
from networks.errors import LaterError, NetworkError, RefusedError
from networks.http import Http
from networks.public_hosts import guarded_session
from networks.words import _

FIELDS_OF = {"address": "pds", "wrong-password": "app_password", "not-an-app-password": "app_password"}
"""Which field a refusal is about, by its code; any other is about the account."""


class BlueskyConnector(FormConnector):
    """`base_url` is the entrance that the form proposes; the account's own server is in what is granted."""

    default_base_url = "https://bsky.social"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("identifier", _("Handle"), _("As it stands in the profile, for example helpline.bsky.social.")),
        Field(
            "app_password",
            _("App password"),
            _(
                "Make one in Bluesky under Settings, Privacy and security, App passwords. It is used once, to sign in; "
                "Chorus stores the access that Bluesky gives for it, encrypted, and not the password."
            ),
            secret=True,
        ),
        Field(
            "pds",
            _("Address of the server"),
            _("Leave it unless your organisation runs a server (PDS) of its own."),
            initial=default_base_url,
        ),
    )

    def connect(self, **typed: str) -> Grant:
        problem: NetworkError
        try:
            credentials, account = connect(
                typed.get("pds") or self.base_url, typed["identifier"], typed["app_password"]
            )
        except LaterError as error:
            problem = LaterError(error.message, code="pds")
        except NetworkError as error:
            problem = RefusedError(error.message, code=FIELDS_OF.get(error.code, "identifier"))
        else:
            return Grant(account, credentials, credentials["pds"], end_of(credentials))
        raise problem

    def revoke(self, credentials: Mapping[str, str]) -> None:
        """Ends the session; the app password itself can be deleted by its owner alone."""
        token = credentials["refresh_jwt"]
        http = Http(credentials["pds"], secrets=[token], session=guarded_session())
        headers = {"Authorization": f"Bearer {token}"}
        http.request("POST", "/xrpc/com.atproto.server.deleteSession", headers=headers)
