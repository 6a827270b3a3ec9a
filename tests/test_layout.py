"""How long things may be: a file, a view, a template."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("config", "networks", "accounts", "campaign", "scheduler", "tests", "tools", "bench")
FILE, VIEW, TEMPLATE = 400, 25, 120


def python_files() -> list[Path]:
    return [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def too_long(paths: list[Path], most: int) -> list[str]:
    return [f"{path.relative_to(ROOT)} has {lines_of(path)} lines" for path in paths if lines_of(path) > most]


def functions_in(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_is_longer_than_400_lines():
    assert too_long(python_files(), FILE) == []


def test_no_function_of_a_view_is_longer_than_25_lines():
    long = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in python_files()
        if path.parent.name == "views"
        for node in functions_in(path)
        if (node.end_lineno or 0) - node.lineno + 1 > VIEW
    ]
    assert long == []


def test_no_template_is_longer_than_120_lines():
    assert too_long(list((ROOT / "templates").rglob("*.html")), TEMPLATE) == []


def test_the_views_are_looked_at():
    assert any(path.parent.name == "views" and lines_of(path) for path in python_files())
