""".env.example says what there is to set: neither more nor less than the code reads."""

import ast
import re
from collections.abc import Iterator

import pytest

from networks.linkedin import rules as linkedin
from networks.meta import version as meta
from tests.server.compose import ROOT, VARIABLE, text

ENTRY = re.compile(r"(?:# )?([A-Z][A-Z_]+)=(.*)")
READERS = {"str", "int", "bool", "db", "dict", "email_url", "float", "list"}


def entries() -> dict[str, str]:
    """Name → the comment above it."""
    found: dict[str, str] = {}
    comment = ""
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if match := ENTRY.fullmatch(line):
            found[match[1]] = comment
        comment = f"{comment} {line[2:]}" if line.startswith("# ") and not match else ""
    return found


def reads() -> Iterator[tuple[str, object]]:
    """Each name that config/ reads, with its default where that is written down there as it is, and the versions of
    APIs, which networks/ reads by itself."""
    yield "CHORUS_GRAPH_VERSION", f"{meta.NEWEST_READ.version} {meta.NEWEST_READ.ends}"
    yield "CHORUS_LINKEDIN_VERSION", f"{linkedin.NEWEST_READ.version} {linkedin.NEWEST_READ.ends}"
    for path in (ROOT / "config").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and _reads_the_environment(node.func)
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value), _default(node)


def _reads_the_environment(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return called.value.id in {"env", "_env"} and called.attr in READERS
    return isinstance(called, ast.Name) and called.id == "needed"


def _default(node: ast.Call) -> object:
    is_plain = isinstance(node.func, ast.Attribute) and len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
    return node.args[1].value if is_plain else None  # type: ignore[attr-defined]  # it is a constant, as just seen


READ = list(reads())


def test_every_setting_that_is_read_stands_there():
    assert {name for name, _ in READ} - entries().keys() == set()


def test_nothing_stands_there_that_nobody_reads():
    in_compose = {name for name, _ in VARIABLE.findall(text())}
    assert entries().keys() - {name for name, _ in READ} - in_compose == set()


def test_what_the_compose_file_asks_for_stands_there():
    assert {name for name, _ in VARIABLE.findall(text())} - entries().keys() == set()


@pytest.mark.parametrize(("name", "comment"), entries().items())
def test_each_says_its_default_or_that_it_is_needed(name: str, comment: str):
    assert "Default: " in comment or "Needed" in comment


@pytest.mark.parametrize(("name", "default"), [(name, default) for name, default in READ if default])
def test_the_default_that_it_says_is_the_code_s(name: str, default: object):
    said = entries()[name].rpartition("Default: ")[2]
    assert said.startswith(str(default))


@pytest.mark.parametrize("name", ["CHORUS_LEASE", "CHORUS_WATCHDOG"])
def test_a_length_of_time_says_its_unit(name: str):
    assert "Seconds" in entries()[name]


def test_the_reading_finds_what_config_reads():
    assert {"CHORUS_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "CHORUS_BIND", "CHORUS_LEASE"} <= dict(READ).keys()


def test_networks_reads_no_other_setting():
    found = {
        name
        for path in (ROOT / "networks").rglob("*.py")
        for name in re.findall(r"""["'](CHORUS_[A-Z_]+)["']""", path.read_text(encoding="utf-8"))
    }
    assert found == {"CHORUS_GRAPH_VERSION", "CHORUS_LINKEDIN_VERSION"}
