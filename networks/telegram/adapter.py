"""Publishing in a Telegram channel. There is no key against a second post, and a bot cannot read what it posted: what
is unclear stays unclear until a person looks.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from networks.base import SEND_TIMEOUT, Adapter, Keep
from networks.content import (
    CANNOT_TELL,
    Account,
    CannotTellType,
    Json,
    Picture,
    Prepared,
    Published,
    ReplyTo,
    Segment,
)
from networks.errors import LaterError, ReconnectError, UnclearError
from networks.telegram.bot import Bot, Method, MovedError, address_of


class TelegramAdapter(Adapter):
    """One channel. `credentials` are the bot's `token`, the channel's `chat_id`, and its `username`, empty where it is
    private. `on_refresh` is given the new number of a chat that moved."""

    reads_back = False
    capabilities = frozenset({"delete"})
    send_seconds = SEND_TIMEOUT

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, str],
        on_refresh: Callable[[Mapping[str, str]], None] | None = None,
    ) -> None:
        self._bot = Bot(base_url, credentials["token"])
        self._credentials = dict(credentials)
        self._on_refresh = on_refresh

    def whoami(self) -> Account:
        """Raises ReconnectError also where the bot may not post in the channel any more."""
        place = self._bot.place(self._chat_id)
        if not self._bot.may_post(place.chat_id):
            raise ReconnectError(
                "The bot may not post in this channel any more. Make it an administrator with the right to post.",
                code="no-right-to-post",
            )
        return place.account

    def prepare(self, segment: Segment, kept: Mapping[str, Json], keep: Keep, reply_to: ReplyTo | None) -> Prepared:
        """Nothing to do: pictures travel with the message itself."""
        return Prepared()

    def publish(self, segment: Segment, prepared: Prepared, reply_to: ReplyTo | None) -> Published:
        """Plain text without a parse mode, so that no character has a meaning; Telegram makes links, hashtags and
        mentions live by itself."""
        method, fields, files = _request(segment, self._chat_id)
        try:
            result = self._bot.send(method, fields, files, self.send_seconds)
        except MovedError as error:
            self._move(error.chat_id)
            moved = LaterError(error.message, wait=0.0, code=error.code)
        else:
            return self._published(result)
        raise moved

    def find(
        self,
        segment: Segment,
        prepared: Prepared,
        since: datetime,
        parent: Published | None,
        exclude: frozenset[str],
    ) -> CannotTellType:
        """Bots have no call that reads a channel's history (Bot API 10.1, all 180 methods)."""
        return CANNOT_TELL

    def delete(self, remote_id: str) -> None:
        """Takes all messages of the post down; those that are gone are passed over. Telegram refuses after 48 hours."""
        numbers = [int(number) for number in remote_id.split(",")]
        self._bot.ask("deleteMessages", {"chat_id": self._chat_id, "message_ids": numbers})

    @property
    def _chat_id(self) -> int:
        return int(self._credentials["chat_id"])

    def _move(self, chat_id: int) -> None:
        self._credentials["chat_id"] = str(chat_id)
        if self._on_refresh:
            self._on_refresh(dict(self._credentials))

    def _published(self, result: Json) -> Published:
        """Of an album every message has a number of its own; the address is the first one's."""
        messages = result if isinstance(result, list) else [result]
        told = [one.get("message_id") for one in messages if isinstance(one, dict)]
        numbers = [number for number in told if isinstance(number, int)]
        if not numbers or len(numbers) < len(messages):
            raise UnclearError("Telegram's answer names no message.", code="unreadable")
        url = address_of(self._chat_id, self._credentials.get("username", ""), numbers[0])
        return Published(",".join(map(str, numbers)), url)


def _request(segment: Segment, chat_id: int) -> tuple[Method, dict[str, Json], dict[str, tuple[str, bytes, str]]]:
    """Which call, its fields, and the pictures that travel with it."""
    if not segment.pictures:
        return "sendMessage", {"chat_id": chat_id, "text": segment.text}, {}
    if len(segment.pictures) == 1:
        fields = {"chat_id": str(chat_id), "caption": segment.text}
        photo = {"photo": _file(segment.pictures[0], 0)}
        return "sendPhoto", fields | ({"has_spoiler": "true"} if segment.warning else {}), photo
    files = {f"picture{number}": _file(picture, number) for number, picture in enumerate(segment.pictures)}
    media: list[dict[str, Json]] = [{"type": "photo", "media": f"attach://{name}"} for name in files]
    media[0]["caption"] = segment.text
    if segment.warning:
        media = [one | {"has_spoiler": True} for one in media]
    return "sendMediaGroup", {"chat_id": str(chat_id), "media": json.dumps(media, ensure_ascii=False)}, files


def _file(picture: Picture, number: int) -> tuple[str, bytes, str]:
    ending = picture.content_type.rpartition("/")[2]
    return f"picture{number}.{ending}", picture.read(), picture.content_type
