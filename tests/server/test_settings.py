"""A server's settings: what they refuse to start without, files for secrets, and Django's own deployment checks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment, fernet_keys, listed
from tests.server.compose import ROOT
from tools.make_secrets import make

COMPLETE = {
    "DATABASE_URL": "postgres://chorus@127.0.0.1/none",
    "CHORUS_SECRET_KEY": "a-long-random-text-of-a-server-0123456789-abcdefghijklmnopqrstuvwxyz",
    "CHORUS_ENCRYPTION_KEYS": "b25seS10by1jb2xsZWN0LXN0YXRpYy1maWxlcy0wMDA=",
    "CHORUS_ALLOWED_HOSTS": "chorus.example",
}


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` as a server would run it."""
    kept = {
        n: v for n, v in os.environ.items() if not n.startswith("CHORUS_") and n not in {"DATABASE_URL", "REDIS_URL"}
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_django_has_nothing_against_a_server_s_settings():
    answer = check(**COMPLETE)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("name", ["CHORUS_SECRET_KEY", "CHORUS_ENCRYPTION_KEYS", "CHORUS_ALLOWED_HOSTS"])
def test_a_server_does_not_start_without(name: str):
    answer = check(**{key: value for key, value in COMPLETE.items() if key != name})
    last = answer.stderr.strip().splitlines()[-1]
    assert answer.returncode
    assert last.startswith(f"django.core.exceptions.ImproperlyConfigured: Set {name} (or {name}_FILE) to ")


def test_a_server_does_not_take_the_demo_s_stand_ins():
    answer = check(**COMPLETE | {"CHORUS_SECRET_KEY": "only-for-the-embedded-demo-and-the-tests-0000000000"})
    assert "Set CHORUS_SECRET_KEY" in answer.stderr


def test_secrets_may_come_as_files(tmp_path: Path):
    make(tmp_path)
    files = {f"CHORUS_{name.upper()}_FILE": str(tmp_path / name) for name in ("secret_key", "encryption_keys")}
    given = {"DATABASE_URL": COMPLETE["DATABASE_URL"], "CHORUS_ALLOWED_HOSTS": "chorus.example"}
    assert check(**given, **files).returncode == 0


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHORUS_METRICS_TOKEN_FILE", "/nowhere/token")
    with pytest.raises(ImproperlyConfigured, match="/nowhere/token, which cannot be read"):
        Environment().str("CHORUS_METRICS_TOKEN", "")


def test_the_line_s_end_of_a_file_is_no_part_of_the_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "token").write_text("abc\n")
    monkeypatch.setenv("CHORUS_METRICS_TOKEN_FILE", str(tmp_path / "token"))
    assert Environment().str("CHORUS_METRICS_TOKEN", "") == "abc"


@pytest.mark.parametrize("value", ["", " , ", "short", "b25l,b25seS10by1jb2xsZWN0LXN0YXRpYy1maWxlcy0wMDA="])
def test_what_is_no_key_is_refused_at_the_start_and_not_at_the_first_channel(value: str):
    with pytest.raises(ImproperlyConfigured, match="32 random bytes"):
        fernet_keys(value)


def test_a_list_may_have_blanks():
    assert listed("a.example, b.example,") == ["a.example", "b.example"]
