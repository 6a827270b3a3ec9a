"""Ports of this machine: whether one is free for the demo."""

import errno
import http.client
import socket

from scheduler.demo.errors import DemoError

HOST = "127.0.0.1"
HIGHEST = 65535


def require_free(port: int, what: str, option: str) -> None:
    """Raises DemoError unless `port` can be listened on now; `what` would listen there, `option` chooses another."""
    if not 0 < port <= HIGHEST:
        raise DemoError(f"{port} is no port for {what}: choose one between 1 and {HIGHEST} with {option}.")
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: a closed one is free
            probe.bind((HOST, port))
            probe.listen(1)
    except OSError as error:
        raise DemoError(_sentence(error, port, what, option)) from error


def _sentence(error: OSError, port: int, what: str, option: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port}, where {what} would answer, is in use by another program: choose another with {option}."
    return f"Port {port} cannot be used for {what} ({error.strerror}): choose another with {option}."


def answers(port: int) -> bool:
    """Whether a web server on this machine answers a request on `port`, with whatever status."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
