"""The wire under `networks.http`: when a request left us, and a hard end to every exchange.

Two questions decide whether a post may be sent again: did the request begin to leave, and is it over. The libraries
do not answer them: `requests.ConnectionError` stands for a refused port and for a connection dropped after the body
(measured 2026-11-23), and their time-outs count from the last byte, so a server that drips bytes is never late.
Here every connection reports to the exchange that it serves before it writes, and asks whether it still may.
"""

import logging
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any, ClassVar, Generic, Literal, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError, ReadTimeoutError
from urllib3.poolmanager import ProxyManager

CONNECT_TIMEOUT = 5.0
"""Seconds for one try at opening a connection."""

IDLE_LIMIT = 1.0
"""Seconds after which a kept connection no longer carries an irreversible request.

Servers close idle connections when they like (gunicorn after 2 s, node after 5 s), and a close that crosses our
request looks exactly like a drop after the request was carried out. Such a case stays unclear; a young connection
makes it rare.
"""

Phase = Literal["not_sent", "unclear"]
T = TypeVar("T")


class DeadlineError(Exception):
    """The time of an exchange was over before it could begin to write."""


class Exchange(Generic[T]):
    """One request on a thread of its own, so that the caller is free at the deadline whatever the server does.

    A thread, because nothing else bounds name resolution and the TLS handshake too. A thread left behind cannot do
    harm later: its connection asks `begin` before each piece it writes, and `begin` refuses once time is over.
    """

    def __init__(self, work: Callable[[], T], *, timeout: float, irreversible: bool, began: bool = False) -> None:
        self.irreversible = irreversible
        self.began = began
        """Whether the request may have begun to leave (True from the start where nobody reports it)."""
        self._work = work
        self._deadline = time.monotonic() + timeout
        self._over = False
        self._connection: _Reports | None = None
        self._sock: Any = None
        self._done = threading.Event()
        self._result: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> T:
        """What `work` returns. Raises what it raises, or DeadlineError (see `began`) when time is over."""
        threading.Thread(target=self._run, name="http-exchange", daemon=True).start()
        try:
            self._done.wait(self.left())
        finally:
            self._end()
        if self._error is not None:
            raise self._error
        if not self._result:
            raise DeadlineError
        return self._result[0]

    def left(self) -> float:
        """Seconds until the deadline, 0 when it has passed. Counts while the process is stopped, too."""
        return max(0.0, self._deadline - time.monotonic())

    def begin(self, connection: "_Reports", sock: socket.socket) -> None:
        """Called by a connection before it writes. Raises DeadlineError where it no longer may."""
        with _lock:
            if self._over or not self.left():
                raise DeadlineError
            self.began = True
            connection.serves = self
            self._connection, self._sock = connection, sock

    def _run(self) -> None:
        _current.exchange = self
        try:
            self._result.append(self._work())
        except BaseException as error:
            self._error = error
        self._done.set()

    def _end(self) -> None:
        with _lock:
            self._over = True
            if self._done.is_set() or self._connection is None or self._connection.serves is not self:
                return  # the connection may be carrying the next request by now
            # The plain shutdown also for TLS: SSLSocket.shutdown would drop the layer under a thread that reads.
            with suppress(OSError):
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


_lock = threading.Lock()
_current = threading.local()


class _Reports:
    """A connection that tells its exchange before it writes."""

    serves: Exchange[Any] | None = None
    sock: Any
    _connecting = False
    _used_at = 0.0

    def connect(self) -> None:
        self._connecting = True  # what is written to a proxy while connecting is not the request
        try:
            super().connect()  # type: ignore[misc]  # mixed into urllib3's connections
        finally:
            self._connecting = False
        self._used_at = time.monotonic()

    def request(self, *args: object, **kwargs: object) -> None:
        exchange = getattr(_current, "exchange", None)
        if exchange is not None and exchange.irreversible and time.monotonic() - self._used_at > IDLE_LIMIT:
            self.close()  # type: ignore[attr-defined]  # opened again by the first write
        super().request(*args, **kwargs)  # type: ignore[misc]

    def send(self, data: object) -> None:
        if self.sock is None:
            self.connect()
        exchange = getattr(_current, "exchange", None)
        if exchange is not None and not self._connecting:
            exchange.begin(self, self.sock)
        self._used_at = time.monotonic()
        super().send(data)  # type: ignore[misc]


class Connection(_Reports, HTTPConnection):
    """A plain connection that reports."""


class SecureConnection(_Reports, HTTPSConnection):
    """The same over TLS."""


class Pool(HTTPConnectionPool):
    """Plain connections to one host."""

    ConnectionCls = Connection


class SecurePool(HTTPSConnectionPool):
    """The same over TLS."""

    ConnectionCls = SecureConnection


class Transport(HTTPAdapter):
    """Sends over reporting connections, never twice."""

    pools: ClassVar[dict[str, Any]] = {"http": Pool, "https": SecurePool}
    """By scheme, for connections to the host itself. Through a proxy it is always the plain ones: it is its host."""

    def __init__(self) -> None:
        super().__init__(pool_connections=32, pool_maxsize=8, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: object) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = self.pools

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: object) -> ProxyManager:
        manager: ProxyManager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = {"http": Pool, "https": SecurePool}
        return manager


def new_session() -> requests.Session:
    """A session that keeps connections and nothing else: no retries, no cookies, no passwords from ~/.netrc."""
    session = requests.Session()
    session.mount("http://", Transport())
    session.mount("https://", Transport())
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.auth = lambda request: request  # otherwise a line in ~/.netrc would replace our Authorization header
    return session


@cache
def _session_of(pid: int) -> requests.Session:
    return new_session()


def shared_session() -> requests.Session:
    """The session of this process. By process, because a connection inherited over a fork would mix two talks."""
    return _session_of(os.getpid())


def classify(error: BaseException) -> Phase:
    """Whether a transport error, also one wrapped by a library, proves that nothing was sent.

    Only a connection that never stood proves it, and only where no later error is in the same chain (a library may
    have tried twice). Among TLS errors that is the certificate's: others, an alert or a cut, may come after the
    request, and urllib3 wraps them alike.
    """
    chain = list(causes(error))
    began = any(isinstance(cause, _AFTER) for cause in chain)
    return "not_sent" if not began and any(isinstance(cause, _BEFORE) for cause in chain) else "unclear"


_BEFORE = (
    NewConnectionError,
    ConnectTimeoutError,
    ConnectionRefusedError,
    socket.gaierror,
    ssl.SSLCertVerificationError,
)
_AFTER = (ProtocolError, ReadTimeoutError, HTTPException, ConnectionResetError, BrokenPipeError)


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything under it, however it was wrapped: cause, context, arguments, urllib3's `reason`."""
    todo: list[object] = [error]
    seen: set[int] = set()
    while todo:
        one = todo.pop()
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            todo += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]


class _NoAddresses(logging.Filter):
    """Keeps urllib3's debug lines out of every log: they hold whole addresses, tokens in them included."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


logging.getLogger("urllib3.connectionpool").addFilter(_NoAddresses())
