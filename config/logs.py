"""What a line of the log looks like: plain for people, JSON on a server, and never with a secret in it."""

import logging
import re
from collections.abc import Iterable
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from scheduler import trace

HIDDEN = "[hidden]"
SHORTEST = 6
"""A shorter value is not searched for: it would also hide what is no secret."""

# The word before the value stays, so that one sees what was hidden. No pattern takes a quote or a backslash, so a line
# of JSON stays JSON.
_PATTERNS = (
    (
        ("bearer", "bas"),  # not «basic»: a pattern takes a dotless ı for an i
        re.compile(r"(?i)(?P<keep>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=:-]{6,}"),
    ),
    (("@",), re.compile(r"(?P<keep>[a-z][a-z0-9+.-]*://[^\s:/@\"'\\]*:)[^\s@\"'\\]+(?=@)")),
    (
        ("token", "passw", "secret", "key"),
        re.compile(
            r"(?i)(?P<keep>[\w-]*(?:token|password|passwd|secret|api[_-]?key|encryption[_-]?keys?)[\w-]*"
            r"(?:\\?[\"'])?\s*[=:]\s*(?:\\?[\"'])?)(?!\[hidden\])[^\s\"'\\,;&)}\]]+"
        ),
    ),
)
"""Each with words of which its text has at least one. Almost no line has any, and searching for the patterns takes
longer than all the rest of writing a line."""


_CHATTY = ("celery.beat", "celery.worker.strategy", "celery.app.trace")
"""They say each second that a wake-up came and went."""


class Redaction:
    """Hides the values it was told of, and whatever looks like a credential."""

    def __init__(self) -> None:
        self._values: tuple[str, ...] = ()

    def hide(self, values: Iterable[str | None]) -> None:
        """From now on these values are hidden wherever they stand; the longest first, for one may be in another."""
        known = {value for value in values if value and len(value) >= SHORTEST} | set(self._values)
        self._values = tuple(sorted(known, key=len, reverse=True))

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        for value in self._values:
            text = text.replace(value, HIDDEN)
        folded = text.casefold()
        for words, pattern in _PATTERNS:
            if any(word in folded for word in words):
                text = pattern.sub(rf"\g<keep>{HIDDEN}", text)
        return text


redact = Redaction()
"""The one redaction: both formatters end with it, so tracebacks pass through it too."""


class Plain(logging.Formatter):
    """A line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, redacted."""
        return redact(super().format(record))


class Json(JsonFormatter):
    """A line of JSON: time, level, logger, message, what the line is about (scheduler/trace.py), and its extras."""

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Adds what this thread works on; what the line itself says about it wins."""
        super().add_fields(log_data, record, message_dict)
        for name, value in trace.current().items():
            log_data.setdefault(name, value)

    def format(self, record: logging.LogRecord) -> str:
        """The line, redacted."""
        return redact(super().format(record))


def logging_config(kind: str, level: str) -> dict[str, Any]:
    """Django's LOGGING; `kind` is plain or json. One handler on standard error, for everybody."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"()": "config.logs.Plain", "format": "{asctime} {levelname} {name}: {message}", "style": "{"},
            "json": {
                "()": "config.logs.Json",
                "format": "{levelname} {name} {message}",
                "style": "{",
                "timestamp": "time",
                "rename_fields": {"levelname": "level", "name": "logger"},
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": kind}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {name: {"level": "WARNING"} for name in _CHATTY}
        | {
            # These bring handlers of their own, which would write past the redaction.
            name: {"handlers": ["console"], "level": level, "propagate": False}
            for name in ("django", "django.server", "gunicorn.error", "gunicorn.access", "celery")
        },
    }
