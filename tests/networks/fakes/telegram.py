"""Telegram's Bot API with one bot and one channel: requests obey the published description of the API (reduced in
contracts/telegram.json), texts its lengths in UTF-16 units. It keeps what was posted."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from functools import cache
from pathlib import Path

from networks.content import Json
from tests.networks.contract import Seen
from tests.networks.fakes.base import FakeServer, Reply, Request

CONTRACT = Path(__file__).parent.parent / "contracts" / "telegram.json"
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
BOT_ID, CHAT_ID, USERNAME = 110201543, -1001234567890, "chorus_test"
GROUP_ID = -1009999999999


class RefusalError(Exception):
    """An answer with `ok` false."""

    def __init__(self, code: int, words: str, parameters: Json = None) -> None:
        super().__init__(words)
        fields = {"ok": False, "error_code": code, "description": words}
        self.reply = Reply.of(code, fields | ({"parameters": parameters} if parameters else {}))


@dataclass
class Message:
    """A message or an album as it was posted: `files` are the pictures' bytes in order."""

    ids: list[int]
    text: str
    files: list[bytes] = field(default_factory=list)
    spoiler: bool = False


class FakeTelegram(FakeServer):
    """`username` is the channel's, empty for a private one; `rights` says what the bot is there."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self.username = USERNAME
        self.kind = "channel"
        self.rights: Json = {"status": "administrator", "can_post_messages": True}
        self.moved_to = 0
        self._next_id = 1

    def posts(self) -> Sequence[Seen]:
        return [Seen(",".join(map(str, message.ids)), message.text) for message in self.messages]

    def irreversible(self, request: Request) -> bool:
        return request.path.rpartition("/")[2] in ("sendMessage", "sendPhoto", "sendMediaGroup")

    def definite(self, scenario: str, request: Request) -> Reply:
        refusals = {
            "refused": RefusalError(400, "Bad Request: message is too long"),
            "token_dead": RefusalError(401, f"Unauthorized: {request.path}"),
            "rate_limited": RefusalError(429, "Too Many Requests: retry after 35", {"retry_after": 35}),
            "kicked": RefusalError(403, "Forbidden: bot was kicked from the channel chat"),
            "scope_missing": RefusalError(400, "Bad Request: not enough rights to post in the channel chat"),
            "no_right": RefusalError(400, "Bad Request: need administrator rights in the channel chat"),
        }
        return refusals[scenario].reply if scenario in refusals else super().definite(scenario, request)

    def answer(self, request: Request) -> Reply:
        match = re.fullmatch(r"/bot([^/]+)/(\w+)", request.path)
        if not match or match[1] != TOKEN:
            return RefusalError(401 if match else 404, "Unauthorized" if match else "Not Found").reply
        if match[2] not in METHODS:
            return RefusalError(404, "Not Found").reply
        try:
            fields, files = read_fields(request)
            check(match[2], fields, files)
            return Reply.of(200, {"ok": True, "result": METHODS[match[2]](self, fields, files)})
        except RefusalError as error:
            return error.reply

    def get_me(self, fields: Mapping[str, Json], files: Mapping[str, bytes]) -> Json:
        return {"id": BOT_ID, "is_bot": True, "first_name": "Chorus", "username": "chorus_test_bot"}

    def get_chat(self, fields: Mapping[str, Json], files: Mapping[str, bytes]) -> Json:
        self._chat(fields)
        named = {"username": self.username} if self.username else {}
        return {"id": CHAT_ID, "type": self.kind, "title": "Chorus tests", **named}

    def get_chat_member(self, fields: Mapping[str, Json], files: Mapping[str, bytes]) -> Json:
        self._chat(fields)
        return {"user": {"id": BOT_ID, "is_bot": True, "first_name": "Chorus"}, **self.rights}

    def send_message(self, fields: Mapping[str, Json], files: Mapping[str, bytes]) -> Json:
        self._writable(fields)
        if not 1 <= units(fields["text"]) <= 4096:
            raise RefusalError(400, "Bad Request: message is too long")
        return self._post(fields["text"], [], 1)[0]

    def send_photo(self, fields: Mapping[str, Json], files: Mapping[str, bytes]) -> Json:
        self._writable(fields)
        self._caption(fields)
        return self._post(fields.get("caption", ""), [files["photo"]], 1, spoiler="has_spoiler" in fields)[0]

    def send_media_group(self, fields: Mapping[str, Json], files: Mapping[str, bytes]) -> Json:
        self._writable(fields)
        media = as_json(fields["media"])
        if not 2 <= len(media) <= 10:
            raise RefusalError(400, "Bad Request: group send failed")
        for one in media:
            check_type("InputMediaPhoto", one)
            self._caption(one)
        pictures = [files[one["media"].removeprefix("attach://")] for one in media]
        text = "".join(one.get("caption", "") for one in media)
        return self._post(text, pictures, len(media), spoiler=all(one.get("has_spoiler") for one in media))

    def delete_messages(self, fields: Mapping[str, Json], files: Mapping[str, bytes]) -> Json:
        self._chat(fields)
        gone = set(as_json(fields["message_ids"]))
        self.messages = [message for message in self.messages if not gone & set(message.ids)]
        return True

    def _chat(self, fields: Mapping[str, Json]) -> None:
        known = {str(CHAT_ID), f"@{self.username}" if self.username else "", str(self.moved_to or "")} - {""}
        if str(fields["chat_id"]) not in known:
            raise RefusalError(400, "Bad Request: chat not found")

    def _writable(self, fields: Mapping[str, Json]) -> None:
        self._chat(fields)
        if self.moved_to and str(fields["chat_id"]) != str(self.moved_to):
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusalError(400, words, {"migrate_to_chat_id": self.moved_to})

    def _caption(self, fields: Mapping[str, Json]) -> None:
        if units(fields.get("caption", "")) > 1024:
            raise RefusalError(400, "Bad Request: message caption is too long")

    def _post(self, text: str, pictures: list[bytes], count: int, *, spoiler: bool = False) -> list[Json]:
        ids = list(range(self._next_id, self._next_id + count))
        self._next_id += count
        self.messages.append(Message(ids, text, pictures, spoiler))
        chat = {"id": CHAT_ID, "type": "channel", "title": "Chorus tests", "username": self.username}
        return [{"message_id": number, "date": 1_795_000_000, "chat": chat} for number in ids]


METHODS: dict[str, Callable[[FakeTelegram, Mapping[str, Json], Mapping[str, bytes]], Json]] = {
    "getMe": FakeTelegram.get_me,
    "getChat": FakeTelegram.get_chat,
    "getChatMember": FakeTelegram.get_chat_member,
    "sendMessage": FakeTelegram.send_message,
    "sendPhoto": FakeTelegram.send_photo,
    "sendMediaGroup": FakeTelegram.send_media_group,
    "deleteMessages": FakeTelegram.delete_messages,
}


def units(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def read_fields(request: Request) -> tuple[dict[str, Json], dict[str, bytes]]:
    """A request's fields and files, from JSON or from multipart/form-data."""
    kind = request.headers.get("Content-Type", "")
    if kind.startswith("application/json"):
        return json.loads(request.body or b"{}"), {}
    fields: dict[str, Json] = {}
    files: dict[str, bytes] = {}
    whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.body)
    for part in whole.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        if part.get_filename():
            files[name] = content
        else:
            fields[name] = content.decode()
    return fields, files


def as_json(value: Json) -> Json:
    """A structured field: in a form it travels as JSON."""
    return json.loads(value) if isinstance(value, str) else value


@cache
def contract() -> Json:
    """The reduced description of the API."""
    return json.loads(CONTRACT.read_text(encoding="utf-8"))


def check(method: str, fields: Mapping[str, Json], files: Mapping[str, bytes]) -> None:
    """Raises RefusalError where a request breaks the description of its method. Telegram itself passes over fields
    that it does not know; here they are refused, so that nothing is lost unseen."""
    known = {one["name"]: one for one in contract()["methods"][method]["fields"]}
    attached = {name for name in files if f"attach://{name}" in str(fields.get("media", ""))}
    _check_fields(known, fields, set(files) - attached, method)


def check_type(name: str, fields: Mapping[str, Json]) -> None:
    """Raises RefusalError where an object breaks the description of its type."""
    _check_fields({one["name"]: one for one in contract()["types"][name]["fields"]}, fields, set(), name)


def _check_fields(known: Mapping[str, Json], fields: Mapping[str, Json], files: set[str], at: str) -> None:
    for name in [*fields, *files]:
        if name not in known:
            raise RefusalError(400, f"Bad Request: {at} has no field {name}")
    for name, one in known.items():
        if one["required"] and name not in fields and name not in files:
            raise RefusalError(400, f"Bad Request: {name} is empty")
        if name in fields and not any(_is_a(kind, fields[name]) for kind in one["types"]):
            raise RefusalError(400, f"Bad Request: {name} is no {' or '.join(one['types'])}")
        if name in files and "InputFile" not in one["types"]:
            raise RefusalError(400, f"Bad Request: {name} is no file")


def _is_a(kind: str, value: Json) -> bool:
    if kind == "Integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "Boolean":
        return isinstance(value, bool) or value in ("true", "false")
    if kind == "String":
        return isinstance(value, str)
    if kind.startswith("Array of "):
        return isinstance(as_json(value), list)
    return isinstance(as_json(value), dict)
