"""What the wall reads and answers: plain data between the server and its pages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from networks.content import Json

Manner = Literal["whole", "hang", "drop", "half", "drip", "huge"]
"""How an answer leaves: as it should, never, cut before or in the middle, byte by byte, or with 50 MB behind it."""


@dataclass(frozen=True)
class Request:
    """One call. `headers` have names in lower case, `query` holds the last value of each name."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def token(self) -> str:
        """The bearer token, or empty."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: Manner = "whole"


class ProblemError(Exception):
    """Whatever is wrong with a call: its status, and one sentence for whoever made it."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers or {}


def as_json(value: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer in JSON, in UTF-8."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(status, "application/json; charset=utf-8", body, headers or {})


def as_html(text: str, status: int = 200) -> Reply:
    """An answer that is a page."""
    return Reply(status, "text/html; charset=utf-8", text.encode())
