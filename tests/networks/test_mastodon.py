"""Mastodon keeps to the contract of networks and adapters, against an instance that obeys the published API."""

from collections.abc import Iterator

import pytest

from networks.base import Adapter
from networks.mastodon import Mastodon, MastodonAdapter
from tests.networks.contract import SCENARIOS, AdapterContract, MakeAdapter
from tests.networks.fakes.mastodon import ACCOUNT_ID, FakeMastodon
from tests.networks.rules_contract import NetworkContract


class TestRules(NetworkContract):
    network = Mastodon()


class TestRulesOfAnInstance(NetworkContract):
    network = Mastodon().with_limits(
        {"text": 5000, "pictures": 6, "alt": 100, "link": 30, "host": "big.example", "read": "2026-11-24"}
    )


class TestAdapter(AdapterContract):
    scenarios = SCENARIOS - {"duplicate"}  # an instance takes the same text as often as it is sent

    @pytest.fixture
    def server(self) -> Iterator[FakeMastodon]:
        with FakeMastodon() as server:
            yield server

    @pytest.fixture
    def make_adapter(self, server: FakeMastodon, monkeypatch: pytest.MonkeyPatch) -> MakeAdapter:
        token = server.new_token()
        monkeypatch.setattr(type(self), "secrets", (token,))
        credentials = {"access_token": token, "account_id": ACCOUNT_ID, "version": "4.4.3", "keeps_keys": "yes"}

        def make(base_url: str) -> Adapter:
            adapter = MastodonAdapter(base_url, credentials)
            adapter.send_seconds = self.send_seconds
            return adapter

        return make
