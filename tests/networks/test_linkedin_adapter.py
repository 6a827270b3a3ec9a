"""LinkedIn's adapter keeps to the contract, against a server that obeys what LinkedIn's documents say."""

from collections.abc import Iterator

import pytest

from networks.base import Adapter
from networks.content import Segment
from networks.linkedin.adapter import LinkedInAdapter
from tests.networks.contract import SCENARIOS, AdapterContract, MakeAdapter, Send
from tests.networks.fakes.linkedin import FakeLinkedIn

BODILESS = {"half_answer", "huge_answer"}
"""LinkedIn's answer to a post has no body, the post's name stands in a header: half of nothing is all of it, and what
is too much behind it does not matter. See `test_a_strange_body_does_not_hide_the_posts_name`."""


class TestAdapter(AdapterContract):
    scenarios = SCENARIOS - BODILESS
    threads = False  # a page has no threads
    languages = False  # no field for a language

    @pytest.fixture
    def server(self) -> Iterator[FakeLinkedIn]:
        with FakeLinkedIn() as linkedin:
            yield linkedin

    @pytest.fixture
    def make_adapter(self, server: FakeLinkedIn, monkeypatch: pytest.MonkeyPatch) -> MakeAdapter:
        credentials = server.credentials()
        told = tuple(credentials[name] for name in ("access_token", "refresh_token", "client_secret"))
        monkeypatch.setattr(type(self), "secrets", told)

        def make(base_url: str) -> Adapter:
            adapter = LinkedInAdapter(base_url, credentials)
            adapter.send_seconds, adapter.pause = self.send_seconds, 0.0
            return adapter

        return make

    @pytest.mark.parametrize("scenario", sorted(BODILESS))
    def test_a_strange_body_does_not_hide_the_posts_name(self, send: Send, segment: Segment, scenario: str) -> None:
        prepared = send.prepare(segment)
        send.server.next_answer(scenario)
        published = send.publish(segment, prepared)
        assert [seen.remote_id for seen in send.server.posts()] == [published.remote_id]
