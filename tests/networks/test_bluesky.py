"""Bluesky keeps to the contract of networks and adapters, against a PDS that obeys the lexicons."""

from collections.abc import Iterator

import pytest

from networks.base import Adapter
from networks.bluesky import Bluesky, BlueskyAdapter, connect
from tests.networks.contract import SCENARIOS, AdapterContract, MakeAdapter
from tests.networks.fakes.bluesky import APP_PASSWORD, HANDLE, FakePds
from tests.networks.rules_contract import NetworkContract


class TestRules(NetworkContract):
    network = Bluesky()


class TestAdapter(AdapterContract):
    scenarios = SCENARIOS - {"duplicate"}  # a key that is taken is no error, see the adapter
    finds_by_key = True

    @pytest.fixture
    def server(self) -> Iterator[FakePds]:
        with FakePds() as pds:
            yield pds

    @pytest.fixture
    def make_adapter(self, server: FakePds, monkeypatch: pytest.MonkeyPatch) -> MakeAdapter:
        credentials, _account = connect(server.url, HANDLE, APP_PASSWORD)
        told = (APP_PASSWORD, credentials["access_jwt"], credentials["refresh_jwt"])
        monkeypatch.setattr(type(self), "secrets", told)

        def make(base_url: str) -> Adapter:
            adapter = BlueskyAdapter(base_url, credentials)
            adapter.send_seconds = self.send_seconds
            return adapter

        return make
