"""X's adapter keeps to the contract, against a server that obeys X's OpenAPI description."""

from collections.abc import Iterator

import pytest

from networks.base import Adapter
from networks.x.adapter import XAdapter
from tests.networks.contract import AdapterContract, MakeAdapter
from tests.networks.fakes.x import FakeX


class TestAdapter(AdapterContract):
    text = "Rights & “help”: https://victim-support.eu/help #116006 — € ναι <b> 👩‍👩‍👧\n\nvictim-support.eu"
    languages = False  # X guesses the language; its API has no field for one

    @pytest.fixture
    def server(self) -> Iterator[FakeX]:
        with FakeX() as x:
            yield x

    @pytest.fixture
    def make_adapter(self, server: FakeX, monkeypatch: pytest.MonkeyPatch) -> MakeAdapter:
        credentials = server.credentials()
        told = tuple(credentials[name] for name in ("access_token", "refresh_token", "client_secret"))
        monkeypatch.setattr(type(self), "secrets", told)

        def make(base_url: str) -> Adapter:
            adapter = XAdapter(base_url, credentials)
            adapter.send_seconds = self.send_seconds
            return adapter

        return make
