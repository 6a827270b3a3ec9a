"""Checks values against the lexicons of the AT Protocol, more strictly than a server: unknown fields are refused."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import regex

from networks.content import Json

FOLDER = Path(__file__).parent.parent / "lexicons"

_DID = r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]"
_HANDLE = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_NSID = r"[a-zA-Z](?:[a-zA-Z0-9-]{0,62})?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,62})?)+\.[a-zA-Z][a-zA-Z0-9]{0,62}"
_KEY = r"(?!\.\.?$)[a-zA-Z0-9_~.:-]{1,512}"
FORMATS = {
    "at-identifier": rf"(?:{_DID}|{_HANDLE})",
    "at-uri": rf"at://(?:{_DID}|{_HANDLE})(?:/{_NSID}(?:/{_KEY})?)?",
    "cid": r"b[a-z2-7]{58}",
    "datetime": r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\d(?:\.\d{1,20})?(?:Z|[+-][0-2]\d:[0-5]\d)",
    "did": _DID,
    "handle": _HANDLE,
    "language": r"(?:[a-z]{2,3}|i)(?:-[a-zA-Z0-9]+)*",
    "nsid": _NSID,
    "record-key": _KEY,
    "tid": r"[234567a-j][234567a-z]{12}",
    "uri": r"\w+:(?://)?[^\s/]\S*",
}


class LexiconError(Exception):
    """A value does not follow its lexicon; the message says where."""


def check_input(method: str, body: Json) -> None:
    """Raises LexiconError where a procedure's input breaks its lexicon."""
    schema = lexicon(method)["defs"]["main"].get("input", {}).get("schema")
    if schema is None:
        _require(body is None, "Input", "takes no body")
    else:
        _check(schema, body, "Input", method)


def check_params(method: str, params: Mapping[str, Json]) -> None:
    """Raises LexiconError where a query's parameters break its lexicon."""
    _object(lexicon(method)["defs"]["main"].get("parameters", {"properties": {}}), dict(params), "Params", method)


def check_output(method: str, body: Json) -> None:
    """Raises LexiconError where our own answer breaks its lexicon."""
    schema = lexicon(method)["defs"]["main"].get("output", {}).get("schema")
    if schema is not None:
        _check(schema, body, "Output", method)


def check_record(collection: str, record: Json) -> None:
    """Raises LexiconError where a record breaks the lexicon of its collection."""
    _require(isinstance(record, dict) and record.get("$type") == collection, "Record", f"has not the type {collection}")
    _check(lexicon(collection)["defs"]["main"]["record"], record, "Record", collection)


@cache
def lexicon(name: str) -> Json:
    """The lexicon of that id. Raises LexiconError where the folder has none."""
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        raise LexiconError(f"no lexicon {name} here")
    return json.loads(path.read_text(encoding="utf-8"))


def blobs_in(value: Json) -> list[Json]:
    """Every blob that a record refers to."""
    if isinstance(value, list):
        return [blob for one in value for blob in blobs_in(one)]
    if not isinstance(value, dict):
        return []
    return [value] if value.get("$type") == "blob" else blobs_in(list(value.values()))


def _check(schema: Json, value: Json, at: str, home: str) -> None:
    CHECKS[schema["type"]](schema, value, at, home)


def _require(held: bool, at: str, problem: str) -> None:
    if not held:
        raise LexiconError(f"{at} {problem}")


def _object(schema: Json, value: Json, at: str, home: str) -> None:
    _require(isinstance(value, dict), at, "must be an object")
    for name in schema.get("required", []):
        _require(name in value, at, f'must have the property "{name}"')
    for name, one in value.items():
        if name == "$type":
            continue
        _require(name in schema["properties"], at, f'has an unknown property "{name}"')
        if one is not None or name not in schema.get("nullable", []):
            _check(schema["properties"][name], one, f"{at}/{name}", home)


def _array(schema: Json, value: Json, at: str, home: str) -> None:
    _require(isinstance(value, list), at, "must be an array")
    _require(len(value) <= schema.get("maxLength", len(value)), at, "has too many elements")
    for number, one in enumerate(value):
        _check(schema["items"], one, f"{at}/{number}", home)


def _string(schema: Json, value: Json, at: str, home: str) -> None:
    _require(isinstance(value, str), at, "must be a string")
    size, signs = len(value.encode()), len(regex.findall(r"\X", value))
    most, most_signs = schema.get("maxLength", size), schema.get("maxGraphemes", signs)
    _require(size <= most, at, f"string too big (maximum {most}, got {size})")
    _require(signs <= most_signs, at, f"grapheme too big (maximum {most_signs}, got {signs})")
    if "format" in schema:
        _require(re.fullmatch(FORMATS[schema["format"]], value) is not None, at, f"must be a valid {schema['format']}")


def _integer(schema: Json, value: Json, at: str, home: str) -> None:
    _require(isinstance(value, int) and not isinstance(value, bool), at, "must be an integer")
    _require(value >= schema.get("minimum", value), at, "is too small")


def _boolean(schema: Json, value: Json, at: str, home: str) -> None:
    _require(isinstance(value, bool), at, "must be a boolean")


def _unknown(schema: Json, value: Json, at: str, home: str) -> None:
    _require(isinstance(value, dict), at, "must be an object")


def _ref(schema: Json, value: Json, at: str, home: str) -> None:
    name, definition = _definition(schema["ref"], home)
    _check(definition, value, at, name)


def _union(schema: Json, value: Json, at: str, home: str) -> None:
    kind = value.get("$type") if isinstance(value, dict) else None
    meant = [ref for ref in schema["refs"] if kind in (ref, f"{home}{ref}")]
    _require(bool(meant), at, f"is of no kind that belongs here: {kind}")
    name, definition = _definition(meant[0], home)
    _check(definition, value, at, name)


def _blob(schema: Json, value: Json, at: str, home: str) -> None:
    _require(isinstance(value, dict) and value.get("$type") == "blob", at, "must be a blob")
    _require(set(value) == {"$type", "ref", "mimeType", "size"}, at, "must be a whole blob")
    kinds = [kind.removesuffix("*") for kind in schema.get("accept", [""])]
    _require(value["mimeType"].startswith(tuple(kinds)), at, f"has a type that is not taken: {value['mimeType']}")
    most = schema.get("maxSize", value["size"])
    _require(value["size"] <= most, at, f"is too large (maximum {most}, got {value['size']})")


def _definition(ref: str, home: str) -> tuple[str, Json]:
    name, _, part = ref.partition("#")
    return (name or home), lexicon(name or home)["defs"][part or "main"]


CHECKS: dict[str, Callable[[Json, Json, str, str], None]] = {
    "array": _array,
    "blob": _blob,
    "boolean": _boolean,
    "integer": _integer,
    "object": _object,
    "params": _object,
    "ref": _ref,
    "string": _string,
    "union": _union,
    "unknown": _unknown,
}
