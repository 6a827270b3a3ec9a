"""Calls of Telegram's Bot API, whose every answer is `{"ok": …}`, and the channel that a bot posts to.

The bot's token is a part of each address: the HTTP seam takes it out of every message.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import requests

from networks.content import Account, Json
from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError, UnclearError
from networks.http import Answer, Http

TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{20,100}")
"""What a bot's token looks like; nothing else is put into an address."""

NO_RIGHT = re.compile(
    r"chat not found|rights|CHAT_WRITE_FORBIDDEN|CHANNEL_PRIVATE|USER_BANNED_IN_CHANNEL", re.IGNORECASE
)
"""In the words of a 400: the channel is gone for this bot, or it may not post there any more (collected from reports
of bot libraries, read 2026-11-24; Telegram documents no list)."""


class MovedError(LaterError):
    """The chat has another id from now on; nothing was sent."""

    def __init__(self, chat_id: int) -> None:
        super().__init__("Telegram gave this chat another number; it is used from now on.", wait=0.0, code="chat-moved")
        self.chat_id = chat_id


@dataclass(frozen=True)
class Place:
    """A channel as Telegram knows it; `username` is empty for a private one."""

    chat_id: int
    title: str
    username: str
    kind: str

    @property
    def account(self) -> Account:
        """Its number, its name, its public address."""
        name = f"@{self.username}" if self.username else self.title
        return Account(str(self.chat_id), name, f"https://t.me/{self.username}" if self.username else "")


class Bot:
    """One bot at `base_url`."""

    def __init__(self, base_url: str, token: str) -> None:
        self._path = f"bot{token}"
        self.http = Http(base_url, secrets=[token, token.partition(":")[2]], wait_told=_told_wait)

    def ask(self, method: str, fields: Mapping[str, Json]) -> Json:
        """The `result` of a call that may be repeated."""
        return self._result(self.http.request("POST", f"/{self._path}/{method}", json=dict(fields)))

    def send(self, method: str, fields: Mapping[str, Json], files: Mapping[str, Any], seconds: float) -> Json:
        """The `result` of the one irreversible call; `files` are name → (file name, bytes, type)."""
        asked = requests.Request(
            "POST",
            f"{self.http.base_url}/{self._path}/{method}",
            headers={"User-Agent": "Chorus", "Accept": "application/json"},
            **({"data": dict(fields), "files": dict(files)} if files else {"json": dict(fields)}),
        )
        return self._result(self.http.carry(asked, irreversible=True, timeout=seconds))

    def place(self, chat: int | str) -> Place:
        """The chat that a number or an @name stands for, as this bot sees it."""
        found = self.ask("getChat", {"chat_id": chat})
        if not isinstance(found, dict) or not isinstance(found.get("id"), int):
            raise LaterError("Telegram named no chat.", code="unreadable")
        return Place(
            found["id"], str(found.get("title", "")), str(found.get("username", "")), str(found.get("type", ""))
        )

    def may_post(self, chat_id: int) -> bool:
        """Whether the bot is an administrator there with the right to post, or the creator."""
        me = self.ask("getMe", {})
        if not isinstance(me, dict) or not isinstance(me.get("id"), int):
            raise LaterError("Telegram named no bot.", code="unreadable")
        member = self.ask("getChatMember", {"chat_id": chat_id, "user_id": me["id"]})
        status = member.get("status") if isinstance(member, dict) else None
        return status == "creator" or (status == "administrator" and member.get("can_post_messages") is True)

    def _result(self, answer: Answer) -> Json:
        """The result. Raises what a refusal means; an answer that is not Telegram's own proves nothing."""
        fields = answer.details()
        if answer.ok and fields.get("ok") is True and "result" in fields:
            return fields["result"]
        code = fields.get("error_code")
        if fields.get("ok") is False and isinstance(code, int) and code < 500:
            raise self._refusal(fields, code)
        message = f"{answer.request}: the answer ({answer.status}) is not Telegram's"
        raise (UnclearError if answer.irreversible else LaterError)(message, code="unreadable")

    def _refusal(self, fields: Mapping[str, Json], code: int) -> NetworkError:
        words = self.http.redact(str(fields.get("description", "")))
        parameters = fields.get("parameters")
        moved = parameters.get("migrate_to_chat_id") if isinstance(parameters, dict) else None
        if isinstance(moved, int):
            return MovedError(moved)
        # A token that is none gets 404 «Not Found», one that was revoked 401.
        if code in (401, 403, 404) or (code == 400 and NO_RIGHT.search(words)):
            return ReconnectError(words or "Telegram does not know this bot.", code=f"http-{code}")
        if code == 429:
            return LaterError(words, wait=_told_wait(fields), of="channel", code="rate-limited")
        return RefusedError(words or f"Telegram answered {code}.", code=f"http-{code}")


def chat_of(typed: str) -> int | str | None:
    """What getChat takes, of what a person types: `@name`, `name`, `https://t.me/name`, `-1001234567890`."""
    word = re.sub(r"^(https?://)?(t|telegram)\.me/", "", typed.strip()).strip("/ ")
    if re.fullmatch(r"-100[0-9]{5,15}", word):
        return int(word)
    word = word.removeprefix("@")
    return f"@{word}" if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{3,31}", word) else None


def address_of(chat_id: int, username: str, message_id: int) -> str:
    """Where people read a message: by name in a public channel; a private one opens for its members alone."""
    return f"https://t.me/{username or 'c/' + str(chat_id).removeprefix('-100')}/{message_id}"


def _told_wait(fields: Mapping[str, Json]) -> float | None:
    """Seconds to wait as the body of a 429 says it."""
    parameters = fields.get("parameters")
    wait: Json = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return min(float(wait), 24 * 3600.0) if isinstance(wait, int | float) else None


Method = Literal["sendMessage", "sendPhoto", "sendMediaGroup"]
