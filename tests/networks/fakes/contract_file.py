"""Checks requests against a reduced OpenAPI file: unknown fields, wrong types and missing fields are refused."""

import json
import re
from collections.abc import Iterator, Mapping
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

from networks.content import Json
from tests.networks.fakes.base import Request

FOLDER = Path(__file__).parent.parent / "contracts"


class ContractError(Exception):
    """A request that the published contract does not allow; the message says where."""


class Contract:
    """The calls of one network, by its file in `tests/networks/contracts/`."""

    def __init__(self, name: str) -> None:
        self.file: Json = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        self.schemas = self.file["components"]["schemas"]

    def operation(self, request: Request) -> tuple[str, Json, dict[str, str]]:
        """The path as the contract writes it, the call, and what stands in the path. Raises ContractError."""
        for path, calls in self.file["paths"].items():
            found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path), request.path)
            if found and request.method.lower() in calls:
                return path, calls[request.method.lower()], found.groupdict()
        raise ContractError(f"{request.method} {request.path} is no call of this API")

    def fields(self, request: Request) -> dict[str, Json]:
        """The query and the body of a request, read and checked. Raises ContractError."""
        _path, call, _in_path = self.operation(request)
        known = {one["name"]: one for one in call.get("parameters", []) if one["in"] == "query"}
        asked = self._query(known, request)
        content = call.get("requestBody", {}).get("content", {})
        if not content:
            if request.body:
                raise ContractError(f"{request.path} takes no body")
            return asked
        schema = next(iter(content.values()))["schema"]
        body = _body(request, _arrays(self._flat(schema)))
        self._check_body(schema, body, request.path)
        return asked | body

    def _query(self, known: Mapping[str, Json], request: Request) -> dict[str, Json]:
        read: dict[str, Json] = {}
        for name, value in request.query.items():
            if name not in known:
                raise ContractError(f"{request.path} knows no parameter {name}")
            read[name] = _typed(value, known[name]["schema"].get("type", "string"))
            self._validate(known[name]["schema"], read[name], name)
        missing = [name for name, one in known.items() if one.get("required") and name not in read]
        if missing:
            raise ContractError(f"{request.path} lacks {missing[0]}")
        return read

    def _check_body(self, schema: Json, body: dict[str, Json], path: str) -> None:
        flat = self._flat(schema)
        for name, value in body.items():
            if name not in flat:
                raise ContractError(f"{path} knows no field {name}")
            if flat[name].get("type") == "boolean" and isinstance(value, str):
                body[name] = _typed(value, "boolean")
        self._validate(schema, {name: value for name, value in body.items() if value is not None}, path)

    def _validate(self, schema: Json, value: Json, where: str) -> None:
        whole = {**schema, "components": self.file["components"]}
        problems = [one.message for one in Draft202012Validator(whole).iter_errors(value)]
        if problems and "is valid under each of" not in problems[0]:  # text with pictures is two kinds of status
            raise ContractError(f"{where}: {problems[0][:200]}")

    def _flat(self, schema: Json) -> dict[str, Json]:
        """Every field that a body may have, whichever of its kinds it is."""
        return {name: self._resolved(one) for part in self._parts(schema) for name, one in part.items()}

    def _parts(self, schema: Json) -> Iterator[Json]:
        schema = self._resolved(schema)
        yield schema.get("properties", {})
        for one in (*schema.get("allOf", []), *schema.get("oneOf", [])):
            yield from self._parts(one)

    def _resolved(self, schema: Json) -> Json:
        return self.schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _arrays(flat: Mapping[str, Json]) -> set[str]:
    return {name for name, one in flat.items() if one.get("type") == "array"}


def _body(request: Request, arrays: set[str]) -> dict[str, Json]:
    kind = (request.headers["Content-Type"] or "").partition(";")[0]
    if not request.body:
        return {}
    if kind == "application/json":
        return dict(request.json())
    if kind == "application/x-www-form-urlencoded":
        return _form(parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True), arrays)
    if kind == "multipart/form-data":
        return _multipart(request)
    raise ContractError(f"{request.path}: a body of the type {kind or '(none)'}")


def _form(pairs: list[tuple[str, str]], arrays: set[str]) -> dict[str, Json]:
    """As Rails reads a form. A list without brackets (Mastodon's `redirect_uris`) is one string with lines."""
    read: dict[str, Json] = {}
    for name, value in pairs:
        plain = name.removesuffix("[]")
        if name.endswith("[]"):
            read.setdefault(plain, []).append(value)
        else:
            read[plain] = value.split() if plain in arrays else value
    return read


def _multipart(request: Request) -> dict[str, Json]:
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    whole: Any = BytesParser(policy=HTTP).parsebytes(head + request.body)
    return {
        part.get_param("name", header="content-disposition"): (
            part.get_payload(decode=True).decode("latin-1")
            if part.get_filename()
            else part.get_payload(decode=True).decode()
        )
        for part in whole.iter_parts()
    }


def _typed(value: str, kind: str) -> Json:
    if kind == "integer" and value.isdecimal():
        return int(value)
    if kind == "boolean" and value.lower() in ("true", "false", "0", "1"):
        return value.lower() in ("true", "1")
    return value
