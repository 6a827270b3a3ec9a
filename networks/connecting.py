"""How an account is connected: the contract between a network's own sign-in and whoever stores what comes of it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from networks.content import Account


@dataclass(frozen=True)
class App:
    """The operator's app at a network: what the network's developer pages call client id (or key) and secret.

    `configuration` is what Facebook Login for Business calls `config_id`; empty elsewhere, and where there is none.
    """

    client_id: str
    client_secret: str = field(repr=False)
    configuration: str = ""


@dataclass(frozen=True)
class Grant:
    """One account that may be connected: what to store for it, whose it is, and where its adapter speaks to.

    `credentials` is flat and goes to the adapter as it stands (encrypted in between). `expires_at` is an aware UTC
    moment, None for a credential without an end. `scopes` are the network's own names for what was granted.
    """

    account: Account
    credentials: Mapping[str, str] = field(repr=False)
    base_url: str
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consent:
    """Where to send the person, and what must come back with them. `kept` survives the journey on our side only."""

    url: str
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Field:
    """One thing that a person types. `name` is the keyword of `connect`, or the field of App."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    initial: str = ""


class OAuthConnector(ABC):
    """Connecting by the network's consent page. Made anew for each use.

    `base_url` is the network's API (a local server in tests and in the demo; an instance where people choose one).
    Every method raises only the errors of `networks.errors`: RefusedError with a sentence for the person who connects,
    LaterError where the network gave no usable answer.
    """

    needs_app: ClassVar[bool] = True
    """Whether the operator must put an app's keys in first. Where not, `register` makes an app by itself."""
    asks_for_server: ClassVar[bool] = False
    """Whether the person names a server first (Mastodon)."""
    default_base_url: ClassVar[str] = ""
    scopes: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[str] = ""
    """What the person must have or be at the network before it can work, in a sentence or two."""
    configuration: ClassVar[Field | None] = None
    """How `App.configuration` is asked for beside the app's keys; None where the network has no such thing."""

    def __init__(self, base_url: str, app: App | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self.app = app

    def register(self, redirect_uri: str) -> App:
        """A new app of ours at this server; only where `needs_app` is false."""
        raise NotImplementedError

    @abstractmethod
    def consent(self, redirect_uri: str, state: str) -> Consent:
        """The network's consent page for `state`, with PKCE where the network takes it (the verifier in `kept`)."""

    @abstractmethod
    def exchange(self, redirect_uri: str, answer: Mapping[str, str], kept: Mapping[str, str]) -> Sequence[Grant]:
        """The accounts that the person gave us, from the parameters of the redirect (`code`, …; `state` has been
        compared by the caller). Several pages give several grants, and the person chooses."""

    def revoke(self, credentials: Mapping[str, str]) -> None:
        """Tells the network that the credential is not used any more, where it can be told."""
        return


class FormConnector(ABC):
    """Connecting by what a person types: an app password, a bot's token."""

    fields: ClassVar[tuple[Field, ...]]
    default_base_url: ClassVar[str] = ""
    needs: ClassVar[str] = ""
    """As for OAuthConnector."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")

    @abstractmethod
    def connect(self, **typed: str) -> Grant:
        """The account behind what was typed. Raises RefusedError (its `code` may be the name of the field that it is
        about) and LaterError."""

    def revoke(self, credentials: Mapping[str, str]) -> None:
        """Tells the network that the credential is not used any more, where it can be told."""
        return
