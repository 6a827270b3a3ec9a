"""docker-compose.yml as the tests read it, and Debian's docker-compose, which reads it as Docker would."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "docker-compose"
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")
Service = dict[str, Any]


class NotToBeHadError(Exception):
    """Debian's docker-compose could not be fetched; the message says why."""


def text() -> str:
    """The file."""
    return (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


def services() -> dict[str, Service]:
    """The services, with YAML's merges done and variables at their defaults."""
    filled = VARIABLE.sub(lambda match: match[2] or "", text())
    found: dict[str, Service] = yaml.safe_load(filled)["services"]
    return found


def command_of(service: str) -> list[str]:
    """The very words that start a service."""
    return [str(word) for word in services()[service]["command"]]


@cache
def docker_compose() -> Path:
    """Debian's docker-compose (trixie's), unpacked below .cache/ and not installed. Raises NotToBeHadError."""
    binary = CACHE / "usr" / "libexec" / "docker" / "cli-plugins" / "docker-compose"
    if not binary.exists():
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            raise NotToBeHadError("This machine has no apt-get: Debian's docker-compose cannot be fetched.")
        _fetch()
    return binary


def _fetch() -> None:
    folder = CACHE.with_name("docker-compose.part")
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("state/lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (folder / "trixie.list").write_text(f"deb [signed-by={keys}] http://deb.debian.org/debian trixie main\n")
    _apt(folder, "update")
    _apt(folder, "download", "docker-compose")
    package = next(folder.glob("docker-compose_*.deb"))
    subprocess.run(["dpkg-deb", "-x", package, folder / "unpacked"], check=True)
    shutil.rmtree(CACHE, ignore_errors=True)
    (folder / "unpacked").rename(CACHE)
    shutil.rmtree(folder)


def _apt(folder: Path, *words: str) -> None:
    """apt-get with lists and archives of its own: the machine's own sources stay as they are."""
    options = {
        "Dir::Etc::sourcelist": folder / "trixie.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State": folder / "state",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "root",
        "Acquire::Retries": "1",
    }
    given = [f"-o{name}={value}" for name, value in options.items()]
    command = ["apt-get", "-q", *given, *words]
    done = subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode or "Err:" in done.stdout + done.stderr:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise NotToBeHadError(f"apt-get {words[0]} failed: {' '.join(last)}")
