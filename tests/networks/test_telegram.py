"""Telegram keeps to the contract of networks and adapters, against a server that obeys the Bot API's description."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from networks.base import Adapter
from networks.content import Segment
from networks.errors import LaterError
from networks.telegram import Telegram
from networks.telegram.adapter import TelegramAdapter
from tests.networks import samples
from tests.networks.contract import SCENARIOS, AdapterContract, MakeAdapter, Send
from tests.networks.fakes.telegram import CHAT_ID, TOKEN, USERNAME, FakeTelegram
from tests.networks.rules_contract import NetworkContract


class TestRules(NetworkContract):
    network = Telegram()

    def test_a_text_beside_a_picture_is_shorter(self) -> None:
        text = "a" * 1025
        assert self.network.check(self.segment(text)) == []
        (finding,) = self.network.check(self.segment(text, pictures=(samples.picture(),)))
        assert (finding.severity, finding.code) == ("error", "caption-too-long")
        assert "1,025" in finding.message
        assert "1,024" in finding.message

    def test_an_emoji_counts_as_utf_16_does(self) -> None:
        assert self.network.measure("👩‍👩‍👧") == 8

    def test_both_sides_of_a_picture_together_have_a_limit(self) -> None:
        wide = replace(samples.picture(), width=6000, height=4001)
        (finding,) = self.network.check(self.segment("Help.", pictures=(wide,)))
        assert "6000 × 4001" in finding.message


class TestAdapter(AdapterContract):
    scenarios = SCENARIOS - {"duplicate"}  # Telegram takes the same text twice without a word
    secrets = (TOKEN, TOKEN.partition(":")[2])
    threads = False  # a channel has no threads; 4,096 is long enough for every post
    languages = False  # no field for a language
    uploads = False
    prepares = False  # pictures travel with the message: there is nothing to do, and nothing to keep, before it

    @pytest.fixture
    def server(self) -> Iterator[FakeTelegram]:
        with FakeTelegram() as telegram:
            yield telegram

    @pytest.fixture
    def make_adapter(self) -> MakeAdapter:
        def make(base_url: str) -> Adapter:
            adapter = TelegramAdapter(base_url, {"token": TOKEN, "chat_id": str(CHAT_ID), "username": USERNAME})
            adapter.send_seconds = self.send_seconds
            return adapter

        return make

    def test_pictures_go_along_in_order_with_their_alt_texts(self, send: Send, segment: Segment) -> None:
        """In order; without their alt texts, for which Telegram has no field."""
        pictures = (samples.picture("A hand"), samples.picture("A telephone"))
        send(replace(segment, pictures=pictures))
        assert isinstance(send.server, FakeTelegram)
        assert send.server.messages[0].files == [picture.read() for picture in pictures]

    def test_a_closed_port_while_uploading_means_later(
        self, make_adapter: MakeAdapter, segment: Segment, closed_url: str
    ) -> None:
        """Uploading is publishing here."""
        pictured = replace(segment, pictures=(samples.picture("A hand"),))
        adapter = make_adapter(closed_url)
        with pytest.raises(LaterError):
            adapter.publish(pictured, adapter.prepare(pictured, {}, lambda kept, repeat_key="": None, None), None)
