"""Checks requests against Meta's published descriptions: an unknown parameter or field, or a wrong type, is refused."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from networks.content import Json

FOLDER = Path(__file__).parent.parent / "contracts" / "meta"
INSIDE = {"instagram_business_account": "IGUser", "attachments": "StoryAttachment"}
"""The node behind a field whose own fields are asked for in braces."""


class SpecError(Exception):
    """A request does not follow the description; the message says where."""


def check_call(node: str, method: str, edge: str, params: Mapping[str, str | bytes]) -> None:
    """Raises SpecError. `edge` is `#get` or `#delete` for the node itself; a file stands in `params` as bytes."""
    known = _parameters(node, method, edge)
    for name, value in params.items():
        _require(name in known, f"{node} {method} {edge}", f"takes no parameter {name}")
        _require(
            _fits(known[name], value), f"{node} {method} {edge}/{name}", f"must be {known[name]}, not {value!r:.80}"
        )
    missing = [
        one["name"] for one in _call(node, method, edge)["params"] if one["required"] and one["name"] not in params
    ]
    _require(not missing, f"{node} {method} {edge}", f"needs {', '.join(missing)}")


def check_fields(node: str, fields: str) -> None:
    """Raises SpecError where `fields` asks a node for what it does not have."""
    names = {one["name"] for one in _node(node)["fields"]} | {api.get("endpoint") for api in _node(node)["apis"]}
    for name, inside in split_fields(fields):
        _require(name in names, node, f"has no field {name}")
        if inside:
            check_fields(INSIDE[name], inside)


def split_fields(fields: str) -> list[tuple[str, str]]:
    """`a,b{c,d},e.limit(0)` as `[("a", ""), ("b", "c,d"), ("e", "")]`."""
    found, depth, start = [], 0, 0
    for place, sign in enumerate(fields + ","):
        depth += (sign in "{(") - (sign in "})")
        if sign == "," and not depth:
            found.append(fields[start:place])
            start = place + 1
    matches = [re.fullmatch(r"(\w+)(?:\.[\w().]+)*(?:\{(.*)\})?", one) for one in found]
    _require(all(matches), "fields", f"cannot be read: {fields}")
    return [(match[1], match[2] or "") for match in matches if match]


@cache
def _node(name: str) -> Json:
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else _supplement()[name]


@cache
def _supplement() -> Json:
    return json.loads((FOLDER / "supplement.json").read_text(encoding="utf-8"))


def _call(node: str, method: str, edge: str) -> Json:
    calls = [
        one for one in _node(node)["apis"] if (one["method"], one.get("endpoint", one.get("name"))) == (method, edge)
    ]
    _require(bool(calls), node, f"has no {method} {edge}")
    return calls[0]


def _parameters(node: str, method: str, edge: str) -> dict[str, str]:
    """Name → type of what the call takes."""
    general = _supplement()["parameters"]
    lists = general["lists"] if method == "GET" and not edge.startswith("#") else []
    more = [*general["always"], *lists, *general.get(edge, [])]
    return {one["name"]: one["type"] for one in (*_call(node, method, edge)["params"], *more)}


def _fits(kind: str, value: str | bytes) -> bool:
    if isinstance(value, bytes):
        return kind == "file"
    if kind == "list<Object>":
        return _json(list)(value)
    return CHECKS.get(kind.partition("<")[0], _text)(value)


def _text(value: str) -> bool:
    return True


def _truth(value: str) -> bool:
    return value in ("true", "false")


def _number(value: str) -> bool:
    return value.isdecimal()


def _json(kind: type) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        try:
            return isinstance(json.loads(value), kind)
        except ValueError:
            return False

    return fits


def _list(value: str) -> bool:
    """In JSON, or plain ids with commas between them."""
    return _json(list)(value) or re.fullmatch(r"\d+(,\d+)*", value) is not None


def _moment(value: str) -> bool:
    return re.fullmatch(r"\d{9,11}|\d{4}-\d\d-\d\d(T[\d:]+(Z|[+-]\d{4})?)?", value) is not None


CHECKS: dict[str, Callable[[str], bool]] = {
    "bool": _truth,
    "unsigned int": _number,
    "list": _list,
    "map": _json(dict),
    "Object": _json(dict),
    "datetime": _moment,
    "file": lambda _value: False,
}


def _require(held: bool, at: str, problem: str) -> None:
    if not held:
        raise SpecError(f"{at} {problem}")
