"""A real HTTP server in a thread, which answers well or, once, in one of the ways that networks fail."""

import json
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

from networks.content import Json

PAUSE = 0.1
"""Seconds between two bytes of an answer that drips."""


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Message
    body: bytes

    def json(self) -> Json:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, fields: Json, headers: Mapping[str, str] | None = None) -> Self:
        given = {"Content-Type": "application/json", **(headers or {})}
        return cls(status, json.dumps(fields).encode(), given)


class FakeServer:
    """Answers by `answer`; `next_answer` arms a scenario of the contract for the next irreversible request."""

    port = 0
    """Where it listens; 0 for any port that is free."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.ended = threading.Event()
        self._armed = ""
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()

    def next_answer(self, scenario: str) -> None:
        self._armed = scenario

    def answer(self, request: Request) -> Reply:
        """The good answer, with all that follows from it."""
        return Reply.of(200, {})

    def irreversible(self, request: Request) -> bool:
        """Whether an armed scenario concerns this request."""
        return True

    def definite(self, scenario: str, request: Request) -> Reply:
        """The network's own words for «refused», «duplicate», «token_dead» and «rate_limited»."""
        raise AssertionError(f"this server does not know «{scenario}»")

    def error_inside(self, request: Request) -> Reply:
        """A 200 with the network's own kind of error in it: the body of its refusal, by default."""
        reply = self.definite("refused", request)
        return Reply(200, reply.body, reply.headers)

    def take(self, request: Request) -> tuple[str, Reply]:
        """How to answer, and what; the lock makes each request whole before the next one."""
        with self._lock:
            self.requests.append(request)
            scenario = ""
            if self._armed and self.irreversible(request):
                scenario, self._armed = self._armed, ""
            return scenario, self._reply(scenario, request)

    def _reply(self, scenario: str, request: Request) -> Reply:
        if scenario == "server_error_before":
            return Reply.of(500, {"error": "InternalServerError"})
        if scenario == "html":
            return Reply(200, b"<!doctype html><title>Welcome</title>", {"Content-Type": "text/html"})
        if scenario == "redirect":
            return Reply(307, headers={"Location": self.url + request.path})
        if scenario == "error_inside":
            return self.error_inside(request)
        if scenario in ("", *AFTER):
            return self.answer(request)
        return self.definite(scenario, request)

    def _handler(fake) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler's inside
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                fake.connections += 1
                super().setup()

            def handle(self) -> None:
                with suppress(OSError):  # the client went away: many a test is about that
                    super().handle()

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
                scenario, reply = fake.take(Request(self.command, parts.path, query, self.headers, body))
                AFTER.get(scenario, answer_well)(self, reply, fake.ended)

            do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - names of the standard library

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: a test says what it saw."""

        return Handler


def answer_well(handler: BaseHTTPRequestHandler, reply: Reply, ended: threading.Event) -> None:
    handler.wfile.write(_head(reply, len(reply.body)) + reply.body)


def error_after(handler: BaseHTTPRequestHandler, reply: Reply, ended: threading.Event) -> None:
    answer_well(handler, Reply.of(500, {"error": "InternalServerError"}), ended)


def hang(handler: BaseHTTPRequestHandler, reply: Reply, ended: threading.Event) -> None:
    handler.connection.settimeout(PAUSE)
    while not ended.is_set():
        try:
            if not handler.connection.recv(1):
                break
        except TimeoutError:
            continue
    handler.close_connection = True


def drop(handler: BaseHTTPRequestHandler, reply: Reply, ended: threading.Event) -> None:
    handler.close_connection = True


def drip(handler: BaseHTTPRequestHandler, reply: Reply, ended: threading.Event) -> None:
    for byte in _head(reply, len(reply.body)) + reply.body:
        handler.wfile.write(bytes([byte]))
        if ended.wait(PAUSE):
            break
    handler.close_connection = True


def half(handler: BaseHTTPRequestHandler, reply: Reply, ended: threading.Event) -> None:
    handler.wfile.write(_head(reply, len(reply.body)) + reply.body[: len(reply.body) // 2])
    handler.close_connection = True


def huge(handler: BaseHTTPRequestHandler, reply: Reply, ended: threading.Event) -> None:
    """The good answer with 50 MB of blanks behind it: still JSON for whoever reads it all."""
    handler.wfile.write(_head(reply, len(reply.body) + 50_000_000) + reply.body)
    for _ in range(500):
        handler.wfile.write(b" " * 100_000)


AFTER = {
    "server_error_after_accept": error_after,
    "hang_after_accept": hang,
    "drip_after_accept": drip,
    "drop_after_accept": drop,
    "half_answer": half,
    "huge_answer": huge,
}
"""What is done with the good answer once the request was carried out."""


def _head(reply: Reply, length: int) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} -", *(f"{name}: {value}" for name, value in reply.headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {length}", "", ""]).encode()
