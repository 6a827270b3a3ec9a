"""What this thread works on, for every line it logs: request, task, item, fence, attempt, channel, network.

    with trace.bound(item=claim.item_id, fence=claim.fence):
        ...

Each line logged inside carries these fields (config/logs.py puts them in). Imports nothing of ours, so that anybody
may use it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from types import MappingProxyType

Field = str | int
Fields = Mapping[str, Field]

FIELDS = frozenset({"request", "task", "task_id", "item", "fence", "attempt", "channel", "network"})
_NOTHING: Fields = MappingProxyType({})
_fields: ContextVar[Fields] = ContextVar("chorus_trace", default=_NOTHING)


def current() -> Fields:
    """The fields bound in this thread."""
    return _fields.get()


def bind(**fields: Field) -> Token[Fields]:
    """Adds fields until `unbind` is called with what this returns. Raises ValueError for a field that is not known."""
    if unknown := fields.keys() - FIELDS:
        raise ValueError(f"Unknown fields of a trace: {', '.join(sorted(unknown))}.")
    return _fields.set({**_fields.get(), **fields})


def unbind(token: Token[Fields]) -> None:
    """Puts back what was bound before."""
    _fields.reset(token)


def clear() -> None:
    """Forgets everything that is bound in this thread."""
    _fields.set(_NOTHING)


@contextmanager
def bound(**fields: Field) -> Iterator[None]:
    """Fields for the time of a block; blocks add up."""
    token = bind(**fields)
    try:
        yield
    finally:
        unbind(token)


def click() -> dict[str, str]:
    """What a line of the publish log keeps of the request that caused it: {"request": its id}, or nothing."""
    request = _fields.get().get("request")
    return {"request": str(request)} if request else {}
