"""Checks requests against a reduced OpenAPI description: parameters by name and schema, JSON bodies by schema."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator

from networks.content import Json

FOLDER = Path(__file__).parent.parent / "contracts"


class OpenApiError(Exception):
    """A request breaks the description; the message says where."""


class NoSuchCallError(OpenApiError):
    """The description has no such path or method."""


@cache
def description(name: str) -> Json:
    """A contract file."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def check_request(name: str, method: str, path: str, query: Mapping[str, str], body: Json = None) -> None:
    """Raises OpenApiError where a request breaks the contract file `name`."""
    whole = description(name)
    template, call = _call(whole, method.lower(), path)
    known = {one["name"]: one for one in call["parameters"]}
    for key, value in query.items():
        if key not in known:
            raise OpenApiError(f"The query parameter [{key}] is not one of [{', '.join(sorted(known))}]")
        _check(whole, known[key]["schema"], _typed(known[key]["schema"], value), key)
    for key, value in _in_path(template, path).items():
        _check(whole, known[key]["schema"], value, key)
    for one in known.values():
        if one.get("required") and one["in"] == "query" and one["name"] not in query:
            raise OpenApiError(f"The query parameter [{one['name']}] is missing")
    if "requestBody" in call:
        _check(whole, next(iter(call["requestBody"]["content"].values()))["schema"], body, "body")


def check_schema(name: str, schema: str, value: Json) -> None:
    """Raises OpenApiError where a value breaks one of the file's schemas."""
    _check(description(name), {"$ref": f"#/components/schemas/{schema}"}, value, schema)


def _call(whole: Json, method: str, path: str) -> tuple[str, Json]:
    fixed = [template for template in whole["paths"] if template == path]
    open_ones = [template for template in whole["paths"] if re.fullmatch(_pattern(template), path)]
    for template in [*fixed, *open_ones]:
        if method in whole["paths"][template]:
            return template, whole["paths"][template][method]
    raise NoSuchCallError(f"no {method} {path}")


def _pattern(template: str) -> str:
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))


def _in_path(template: str, path: str) -> dict[str, str]:
    match = re.fullmatch(_pattern(template), path)
    return match.groupdict() if match else {}


def _typed(schema: Json, value: str) -> Json:
    if schema.get("type") == "array":
        return value.split(",")
    if schema.get("type") == "integer":
        return int(value) if value.isdecimal() else value
    return value


def _check(whole: Json, schema: Json, value: Json, at: str) -> None:
    rooted = {"components": whole["components"], **schema}
    error = next(iter(Draft202012Validator(rooted).iter_errors(value)), None)
    if error is not None:
        place = "/".join([at, *map(str, error.absolute_path)])
        raise OpenApiError(f"{place}: {error.message}")
