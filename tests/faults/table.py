"""The result as people read it."""

from collections.abc import Iterator
from typing import Any

MUST_BE_NONE = (
    "accepted_twice", "lost", "said_published_not_there", "said_failed_but_there", "stuck", "unclear_but_there",
    "disagreements",
)  # fmt: skip


def table(told: dict[str, Any]) -> str:
    """Faults by kind and moment, then the numbers."""
    return "\n".join(_lines(told))


def _lines(told: dict[str, Any]) -> Iterator[str]:
    yield "| fault | times |\n|---|---|"
    yield from (f"| {name} | {number} |" for name, number in told.get("by_fault", {}).items())
    yield ""
    passed = {"by_fault", "sentences"}
    yield from (f"{name}: {value}" for name, value in told.items() if name not in passed)
    for name, sentences in told.get("sentences", {}).items():
        yield from (f"{name}: {sentence}" for sentence in sentences)
    yield "Everything holds." if told["holds"] else "SOMETHING DOES NOT HOLD."
