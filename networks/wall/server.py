"""The wall's server: reads a call, finds what answers it, and sends the answer, as badly as it was told to."""

import re
import select
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from networks.wall import api, page, trouble
from networks.wall.exchange import ProblemError, Reply, Request, as_json
from networks.wall.faults import Faults
from networks.wall.store import Store

JSON_BYTES = 1_000_000
LONGEST_HANG = 120.0
"""Seconds after which a call that is never answered is given up."""
DRIP = 0.1
"""Seconds between two bytes of an answer that drips."""
HUGE = 50_000_000

ROUTES: tuple[tuple[str, re.Pattern[str], api.Answer], ...] = (
    ("GET", re.compile(r"/()"), page.feed),
    ("GET", re.compile(r"/posts/([0-9]{1,18})"), page.single),
    ("GET", re.compile(r"/(wall\.css|wall\.js|icon\.svg)"), page.asset),
    ("GET", re.compile(r"/pictures/([0-9a-f]{64})"), api.picture),
    ("GET", re.compile(r"/posts\.json()"), api.all_posts),
    ("GET", re.compile(r"/count\.json()"), api.count),
    ("GET", re.compile(r"/healthz()"), api.healthz),
    ("POST", re.compile(r"/trouble()"), trouble.order),
    ("POST", re.compile(r"/api/posts()"), api.create_post),
    ("GET", re.compile(r"/api/posts()"), api.list_posts),
    ("POST", re.compile(r"/api/accounts()"), api.create_account),
    ("PUT", re.compile(r"/api/pictures/([^/]+)"), api.keep_picture),
    ("POST", re.compile(r"/api/faults()"), api.add_fault),
    ("GET", re.compile(r"/api/faults()"), api.list_faults),
    ("DELETE", re.compile(r"/api/faults()"), api.clear_faults),
)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class WallServer(ThreadingHTTPServer):
    """One thread a connection; none of them is waited for at the end, because nothing answered is still unwritten."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, store: Store, faults: Faults | None, url: str = "") -> None:
        super().__init__((host, port), Handler)
        shown = "127.0.0.1" if host in ("", "0.0.0.0") else host  # noqa: S104 - compared, not bound
        self.wall = api.Wall(store, faults, url.rstrip("/") or f"http://{shown}:{self.server_port}")

    def server_bind(self) -> None:
        """Binds without asking the resolver for the host's name, which may go out to the network."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """A client that leaves is nothing to report."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 with a client until it leaves or is silent for `timeout` seconds."""

    server: WallServer
    server_version = "wall"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 75
    disable_nagle_algorithm = True

    def handle_call(self) -> None:
        """Answers one call, whatever its method."""
        try:
            reply = self._reply()
        except ProblemError as problem:
            reply = page.problem(problem) if self._wants_page() else _told(problem)
        except Exception as error:
            sys.stderr.write(f"wall: {self.command} {self.path[:100]}: {error!r}\n")
            reply = as_json({"error": "The wall failed; nothing was accepted."}, 500)
        self._send(reply)

    # The names are those that the standard library asks for.
    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = handle_call  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing for each call: the store remembers what matters."""

    def _reply(self) -> Reply:
        body = self._body()
        address = urlsplit(self.path)
        method = "GET" if self.command == "HEAD" else self.command
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = unquote(address.path)
        request = Request(method, path, dict(parse_qsl(address.query)), headers, body)
        routes = [(route[0], found[1], route[2]) for route in ROUTES if (found := route[1].fullmatch(path))]
        for allowed, caught, answer in routes:
            if allowed == method:
                return answer(self.server.wall, request, caught)
        if routes:
            raise ProblemError(405, "This address takes other methods.", {"Allow": ", ".join(r[0] for r in routes)})
        raise ProblemError(404, "There is nothing at this address.")

    def _body(self) -> bytes:
        announced = self.headers.get("Content-Length", "0" if self.command in ("GET", "HEAD", "DELETE") else "")
        if "Transfer-Encoding" in self.headers or not re.fullmatch(r"[0-9]{1,18}", announced):
            self.close_connection = True  # what follows is the body, not the next call
            raise ProblemError(411, "The call does not say how long its body is.")
        most = api.PICTURE_BYTES if self.command == "PUT" else JSON_BYTES
        body = self.rfile.read(min(int(announced), most))
        if int(announced) > most:
            self._read_away(int(announced) - most)
            raise ProblemError(413, f"The body has {announced} bytes; the wall takes {most}.")
        if len(body) < int(announced):
            self.close_connection = True
            raise ProblemError(400, "The body ended before it was complete.")
        return body

    def _read_away(self, length: int) -> None:
        """Reads what is too much and forgets it: a client that still sends would not hear the answer."""
        self.close_connection = True
        left = min(length, HUGE)
        while left > 0 and (piece := self.rfile.read(min(left, 65536))):
            left -= len(piece)

    def _wants_page(self) -> bool:
        return self.command in ("GET", "HEAD", "POST") and "text/html" in self.headers.get("Accept", "")

    def _send(self, reply: Reply) -> None:
        raw = self._raw(reply)
        if reply.manner == "whole":
            self.wfile.write(raw)
            return
        self.close_connection = True
        for piece in self._pieces(reply, raw):
            self.wfile.write(piece)
        with suppress(OSError):  # the client may be gone
            self.connection.shutdown(socket.SHUT_RDWR)

    def _pieces(self, reply: Reply, raw: bytes) -> Iterator[bytes]:
        match reply.manner:
            case "hang":
                self._client_leaves(LONGEST_HANG)
            case "half":
                yield raw[: -len(reply.body) // 2]
            case "drip":
                yield from self._drops(raw)
            case "huge":
                yield raw
                for _ in range(HUGE // 1_000_000):
                    yield b" " * 1_000_000

    def _drops(self, raw: bytes) -> Iterator[bytes]:
        for place in range(len(raw)):
            yield raw[place : place + 1]
            if self._client_leaves(DRIP):
                return

    def _client_leaves(self, seconds: float) -> bool:
        """Waits until the client closes its side, at most so long; says whether it did."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            readable, _, _ = select.select([self.connection], [], [], left)
            if readable and not self.connection.recv(65536):
                return True
        return False

    def _raw(self, reply: Reply) -> bytes:
        length = len(reply.body) + (HUGE if reply.manner == "huge" else 0)
        own = {"Content-Type": reply.content_type, "Content-Length": str(length), "Date": self.date_time_string()}
        if self.close_connection:
            own["Connection"] = "close"
        lines = [f"{name}: {value}" for name, value in {**HEADERS, **own, **reply.headers}.items()]
        first = f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"
        raw = "\r\n".join([first, *lines, "", ""]).encode("latin-1")
        return raw if self.command == "HEAD" else raw + reply.body


def _told(problem: ProblemError) -> Reply:
    return as_json({"error": problem.sentence}, problem.status, problem.headers)
