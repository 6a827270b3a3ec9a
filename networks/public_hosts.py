"""The guard before every server whose address a member types or a stranger's document names: public hosts only.

An address that is typed could lead into the operator's own network, by its name, by what its name resolves to, or by
what it resolves to a moment later. So a name is resolved once for each connection, every address it has must be
public, and the connection goes to the address that was looked at. `networks.http` follows no redirect, so there is no
other way in. Where a proxy of the operator carries the calls, the proxy resolves, and its own rules decide.
"""

import ipaddress
import os
import socket
from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError

from networks.errors import RefusedError
from networks.transport import Connection, Pool, SecureConnection, SecurePool, Transport, new_session

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Its last four bytes are an IPv4 address (RFC 6052, read 2026-11-24)."""

_allowed: frozenset[str] = frozenset()


class NotPublicError(OSError):
    """A host that is not public, and that the operator has not allowed."""


def allow(hosts: Iterable[str]) -> None:
    """From now on these hosts of the operator's own network are taken as well, over plain http too. Each is a name or
    an address, with a port or without one; replaces what was allowed before."""
    global _allowed
    _allowed = frozenset(host.strip().lower() for host in hosts if host.strip())


def is_allowed(host: str, port: int | None) -> bool:
    """Whether the operator has allowed a host of the inner network."""
    host = host.lower().strip("[]")
    return host in _allowed or f"{host}:{port}" in _allowed


def checked_address(base_url: str) -> str:
    """The address of a server without what does not belong there. Raises RefusedError unless it is https; plain http is
    taken for hosts that the operator has allowed alone."""
    try:
        parts = urlsplit(base_url.strip())
        host, port = parts.hostname, parts.port  # a port that is none raises here
    except ValueError:
        host, port = None, None
    plain = parts.scheme == "http" and is_allowed(host, port) if host else False
    if host and "@" not in parts.netloc and (parts.scheme == "https" or plain):
        return f"{parts.scheme}://{parts.netloc}"
    raise RefusedError("The address of a server looks like https://bsky.social", code="address")


def server_of(typed: str) -> str:
    """The address of the server that a person means: by its name, its address, or an account on it
    (`@helpline@mastodon.example`). Raises RefusedError."""
    typed = typed.strip()
    if "://" not in typed:
        typed = "https://" + typed.rpartition("@")[2]
    return checked_address(typed)


def require_public(base_url: str) -> str:
    """The address, where its host is public now or allowed. Raises RefusedError with a sentence for whoever typed it.

    The answer is for people; what protects is that each connection asks again, see `guarded_session`."""
    address = checked_address(base_url)
    parts = urlsplit(address)
    try:
        public_address(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    except NotPublicError:
        problem = "This server is not on the public internet. Ask the operator of this installation to allow it."
    except OSError:
        problem = "There is no server of this name."
    else:
        return address
    raise RefusedError(problem, code="address")


def public_address(host: str, port: int) -> str:
    """The address to connect to. Raises NotPublicError where any of the host's addresses is not public, and what name
    resolution raises. A host that the operator has allowed comes back as it is."""
    if is_allowed(host, port):
        return host
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)]
    if not found or not all(is_public(address) for address in found):
        raise NotPublicError(f"{host} is not a public host")
    return found[0]


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet, and so is any IPv4 address that stands inside it."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast for one in (ip, *_inside(ip)))


def _inside(ip: IPAddress) -> list[IPAddress]:
    """The IPv4 addresses that an IPv6 address leads to: mapped, 6to4, Teredo, NAT64."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in NAT64:
        inner.append(ipaddress.IPv4Address(ip.packed[-4:]))
    return [one for one in inner if one is not None]


class _Guarded:
    """A connection that goes to the very address that was found to be public; the certificate is the name's."""

    host: str
    port: int
    _dns_host: str

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        try:
            self._dns_host = public_address(name, self.port)
            sock: socket.socket = super()._new_conn()  # type: ignore[misc]  # mixed into urllib3's connections
        except NotPublicError as error:
            raise NewConnectionError(self, str(error)) from error  # type: ignore[arg-type]  # as above
        except socket.gaierror as error:
            raise NameResolutionError(name, self, error) from error  # type: ignore[arg-type]  # as above
        finally:
            self._dns_host = name
        return sock


class _GuardedConnection(_Guarded, Connection):
    pass


class _GuardedSecureConnection(_Guarded, SecureConnection):
    pass


class _GuardedPool(Pool):
    ConnectionCls = _GuardedConnection


class _GuardedSecurePool(SecurePool):
    ConnectionCls = _GuardedSecureConnection


class GuardedTransport(Transport):
    """Connects to public hosts alone."""

    pools: ClassVar[dict[str, Any]] = {"http": _GuardedPool, "https": _GuardedSecurePool}


@cache
def _session_of(pid: int) -> requests.Session:
    session = new_session()
    session.mount("http://", GuardedTransport())
    session.mount("https://", GuardedTransport())
    return session


def guarded_session() -> requests.Session:
    """This process's session for addresses that come from outside."""
    return _session_of(os.getpid())
