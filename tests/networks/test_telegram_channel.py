"""What leaves for Telegram byte by byte, how a channel is connected, and what its refusals mean."""

from collections.abc import Iterator

import pytest

from networks.content import Prepared, Segment
from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError
from networks.telegram.adapter import TelegramAdapter
from networks.telegram.bot import chat_of
from networks.telegram.connector import TelegramConnector
from tests.networks import samples
from tests.networks.fakes.telegram import CHAT_ID, TOKEN, FakeTelegram

HAND, PHONE = samples.picture("A hand"), samples.picture("A telephone")
TEXT = "_Opfer_ *haben* [Rechte] <b>& mehr</b> — ρωτήστε `116 006` 👩‍👩‍👧 https://victim-support.eu/a_(b)"


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


def adapter(telegram: FakeTelegram, **changes: str) -> TelegramAdapter:
    credentials = {"token": TOKEN, "chat_id": str(CHAT_ID), "username": telegram.username}
    return TelegramAdapter(telegram.url, {**credentials, **changes})


def connect(telegram: FakeTelegram, token: str = TOKEN, channel: str = "@chorus_test") -> NetworkError:
    with pytest.raises(NetworkError) as caught:
        TelegramConnector(telegram.url).connect(token=token, channel=channel)
    return caught.value


@pytest.mark.parametrize("pictures", [(), (HAND,), (HAND, PHONE)])
def test_the_typed_words_stand_in_the_bytes_that_leave(telegram: FakeTelegram, pictures: tuple) -> None:
    adapter(telegram).publish(Segment(TEXT, "de", pictures), Prepared(), None)
    sent = telegram.requests[-1].body
    told = sent.decode("utf-8", "replace") if pictures else telegram.requests[-1].json()["text"]
    assert TEXT in told.replace("\\/", "/")
    assert b"parse_mode" not in sent
    assert all(picture.read() in sent for picture in pictures)


@pytest.mark.parametrize(
    ("pictures", "method"), [((), "sendMessage"), ((HAND,), "sendPhoto"), ((HAND, PHONE), "sendMediaGroup")]
)
def test_each_number_of_pictures_has_its_method(telegram: FakeTelegram, pictures: tuple, method: str) -> None:
    adapter(telegram).publish(Segment("Help.", "en", pictures), Prepared(), None)
    assert telegram.requests[-1].path.endswith(method)
    assert telegram.messages[0].text == "Help."


def test_a_content_warning_covers_the_pictures(telegram: FakeTelegram) -> None:
    adapter(telegram).publish(Segment("Help.", "en", (HAND, PHONE), warning="Violence"), Prepared(), None)
    assert telegram.messages[0].spoiler


def test_a_public_channel_has_a_public_address(telegram: FakeTelegram) -> None:
    assert adapter(telegram).publish(Segment("Help.", "en"), Prepared(), None).url == "https://t.me/chorus_test/1"


def test_a_private_channel_has_an_address_for_its_members(telegram: FakeTelegram) -> None:
    telegram.username = ""
    assert adapter(telegram).publish(Segment("Help.", "en"), Prepared(), None).url == "https://t.me/c/1234567890/1"


def test_an_album_is_deleted_whole_and_deleting_twice_is_no_error(telegram: FakeTelegram) -> None:
    published = adapter(telegram).publish(Segment("Help.", "en", (HAND, PHONE)), Prepared(), None)
    assert published.remote_id == "1,2"
    adapter(telegram).delete(published.remote_id)
    adapter(telegram).delete(published.remote_id)
    assert telegram.messages == []


def test_the_wait_is_the_networks_own(telegram: FakeTelegram) -> None:
    telegram.next_answer("rate_limited")
    with pytest.raises(LaterError) as caught:
        adapter(telegram).publish(Segment("Help.", "en"), Prepared(), None)
    assert (caught.value.wait, caught.value.of) == (35.0, "channel")


@pytest.mark.parametrize("scenario", ["kicked", "no_right", "token_dead"])
def test_a_bot_that_may_not_post_any_more_holds_the_channel(telegram: FakeTelegram, scenario: str) -> None:
    telegram.next_answer(scenario)
    with pytest.raises(ReconnectError):
        adapter(telegram).publish(Segment("Help.", "en"), Prepared(), None)


def test_a_chat_that_moved_is_followed(telegram: FakeTelegram) -> None:
    telegram.moved_to = -1005555555555
    stored: list[dict[str, str]] = []
    made = TelegramAdapter(
        telegram.url, {"token": TOKEN, "chat_id": str(CHAT_ID), "username": ""}, lambda new: stored.append(dict(new))
    )
    with pytest.raises(LaterError) as caught:
        made.publish(Segment("Help.", "en"), Prepared(), None)
    assert (caught.value.wait, stored[0]["chat_id"]) == (0.0, "-1005555555555")
    made.publish(Segment("Help.", "en"), Prepared(), None)
    assert len(telegram.messages) == 1


def test_checking_a_channel_asks_for_the_right_to_post(telegram: FakeTelegram) -> None:
    assert adapter(telegram).whoami().url == "https://t.me/chorus_test"
    telegram.rights = {"status": "administrator", "can_post_messages": False}
    with pytest.raises(ReconnectError):
        adapter(telegram).whoami()


def test_connecting_gives_the_channel_and_what_to_store(telegram: FakeTelegram) -> None:
    grant = TelegramConnector(telegram.url).connect(token=f" {TOKEN} ", channel="https://t.me/chorus_test")
    assert (grant.account.remote_id, grant.account.name) == (str(CHAT_ID), "@chorus_test")
    assert grant.credentials == {"token": TOKEN, "chat_id": str(CHAT_ID), "username": "chorus_test"}
    assert TOKEN not in repr(grant)


@pytest.mark.parametrize("token", ["", "my token", "1/2", f"{TOKEN}/../x", "999999:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_a_wrong_token_is_said_beside_its_field(telegram: FakeTelegram, token: str) -> None:
    error = connect(telegram, token=token)
    assert (type(error), error.code) == (RefusedError, "token")


@pytest.mark.parametrize("channel", ["", "@no", "some words", "@elsewhere"])
def test_a_wrong_channel_is_said_beside_its_field(telegram: FakeTelegram, channel: str) -> None:
    error = connect(telegram, channel=channel)
    assert (type(error), error.code) == (RefusedError, "channel")


def test_a_bot_without_the_right_to_post_is_told_what_to_do(telegram: FakeTelegram) -> None:
    telegram.rights = {"status": "member"}
    assert "Administrators" in connect(telegram).message


def test_a_group_is_no_channel(telegram: FakeTelegram) -> None:
    telegram.kind = "supergroup"
    assert "no channel" in connect(telegram).message


def test_a_server_that_is_away_is_no_wrong_token() -> None:
    with pytest.raises(LaterError):
        TelegramConnector("http://127.0.0.1:9").connect(token=TOKEN, channel="@chorus_test")


@pytest.mark.parametrize(
    ("typed", "chat"),
    [
        ("chorus_test", "@chorus_test"),
        ("@chorus_test ", "@chorus_test"),
        ("t.me/chorus_test/", "@chorus_test"),
        ("-1001234567890", -1001234567890),
        ("https://example.org/x", None),
    ],
)
def test_a_channel_is_read_as_people_write_it(typed: str, chat: object) -> None:
    assert chat_of(typed) == chat


def test_the_server_refuses_what_the_description_does_not_know(telegram: FakeTelegram) -> None:
    with pytest.raises(RefusedError, match="has no field"):
        adapter(telegram)._bot.ask("sendMessage", {"chat_id": CHAT_ID, "text": "x", "txt": "y"})
    with pytest.raises(RefusedError, match="is no Integer"):
        adapter(telegram)._bot.ask("getChatMember", {"chat_id": CHAT_ID, "user_id": "nobody"})
