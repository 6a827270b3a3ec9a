"""An instance of Mastodon, a network of pages, and the way a person goes to a consent page and back."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from networks.connecting import App
from networks.facebook import Facebook
from scheduler.services import app_keys
from tests.networks.fakes.mastodon import FakeMastodon
from tests.scheduler.connect import pages

CONNECTOR = f"{pages.__name__}:PagesConnector"


@pytest.fixture
def server() -> Iterator[FakeMastodon]:
    with FakeMastodon() as server:
        yield server


@pytest.fixture
def pages_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Facebook is connected by PagesConnector, whose app the operator has not put in yet, and whose pages have no
    adapter: these tests end before the first call in a channel's name."""
    monkeypatch.setattr(Facebook, "connector", CONNECTOR)
    monkeypatch.setattr(Facebook, "adapter", "")
    pages.revoked.clear()


@pytest.fixture
def pages_with_keys(db: None, pages_network: None) -> None:
    """The same with the operator's app."""
    app_keys.keep("facebook", App("the-id", "the-secret"))


def begin(browser: Client, network: str, server: str = "", organisation: str = "vse") -> HttpResponse:
    """The page that leads to the network's consent page, or what was wrong."""
    address = reverse("channel_connect_network", args=[organisation, network])
    return browser.post(address, {"server": server} if server else {})


def answer_of(consent_url: str, answer: str = "yes") -> dict[str, str]:
    """What an instance sends back when a person presses a button of its consent page."""
    parts = urlsplit(consent_url)
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    sent = requests.post(address, data={"asked": parts.query, "answer": answer}, allow_redirects=False, timeout=5)
    return dict(parse_qsl(urlsplit(sent.headers["Location"]).query))


def come_back(browser: Client, answer: dict[str, str]) -> HttpResponse:
    """The person's browser, sent back by the network; the page where they end."""
    return browser.get(reverse("channel_consented"), answer, follow=True)


def connect(browser: Client, server: FakeMastodon, organisation: str = "vse") -> HttpResponse:
    """The whole way to a channel on an instance."""
    page = begin(browser, "mastodon", server.url, organisation)
    return come_back(browser, answer_of(page.context["address"]))
