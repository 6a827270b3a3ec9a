"""snac, a real server of Mastodon's API, out of its Debian package: unpacked beside us, installed nowhere.

Its own C library and loader come with it, so that it runs where the machine's are older, and nobody needs to be root.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests.real.install import CACHE, NotRunError

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SOURCE = "http://deb.debian.org/debian trixie main"
LOADER = "usr/lib64/ld-linux-x86-64.so.2"
LIBRARIES = "usr/lib/x86_64-linux-gnu"
ACCOUNT = "alice"
APT_LIMIT, START_LIMIT = 600.0, 15.0


@dataclass(frozen=True)
class Snac:
    """A running server with one account."""

    address: str
    account: str
    password: str = field(repr=False)


def unpack() -> Path:
    """The folder with snac and its libraries, fetched by apt where it is missing. Raises NotRunError."""
    folder = CACHE / "snac"
    done = folder / "unpacked"
    if not done.is_file():
        _require_debian()
        shutil.rmtree(folder, ignore_errors=True)
        _fetch(folder)
        for package in sorted((folder / "cache" / "archives").glob("*.deb")):
            _run(["dpkg-deb", "-x", str(package), str(folder / "root")])
        done.write_text("\n".join(sorted(one.name for one in (folder / "cache" / "archives").glob("*.deb"))))
    return folder / "root"


def _require_debian() -> None:
    for tool in ("apt-get", "dpkg-deb"):
        if not shutil.which(tool):
            raise NotRunError(f"snac comes as a Debian package, and {tool} is not here")
    if os.uname().machine != "x86_64" or not KEYRING.is_file():
        raise NotRunError("snac's package is taken for x86_64, with Debian's own keyring on the machine")


def _fetch(folder: Path) -> None:
    """Downloads the package and all it needs with a configuration of its own: the machine's packages stay as they are."""
    for part in ("lists/partial", "cache/archives/partial", "state"):
        (folder / part).mkdir(parents=True)
    (folder / "sources.list").write_text(f"deb [signed-by={KEYRING}] {SOURCE}\n")
    (folder / "status").touch()
    settings = {
        "Dir::Etc::sourcelist": folder / "sources.list", "Dir::Etc::sourceparts": "-", "Dir::State": folder / "state",
        "Dir::State::lists": folder / "lists", "Dir::State::status": folder / "status", "Dir::Cache": folder / "cache",
        "APT::Architecture": "amd64", "APT::Install-Recommends": "false", "Debug::NoLocking": "1",
        "APT::Sandbox::User": "",
    }  # fmt: skip
    configuration = folder / "apt.conf"
    configuration.write_text("".join(f'{name} "{value}";\n' for name, value in settings.items()))
    environment = {**os.environ, "APT_CONFIG": str(configuration)}
    for command in (["update"], ["-d", "-y", "install", "snac2"]):
        _run(["apt-get", "-q", *command], environment)


def _run(command: list[str], environment: dict[str, str] | None = None, told: str | None = None) -> str:
    try:
        done = subprocess.run(
            command, env=environment, input=told, capture_output=True, text=True, timeout=APT_LIMIT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotRunError(f"{Path(command[0]).name} did not come to an end: {type(error).__name__}") from error
    if done.returncode:
        last = " / ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
        raise NotRunError(f"{Path(command[0]).name} failed: {last}")
    return done.stdout + done.stderr


@contextmanager
def running_snac(root: Path) -> Iterator[Snac]:
    """A new, empty server on a free port, over plain http. Raises NotRunError where it does not start."""
    program = [str(root / LOADER), "--library-path", str(root / LIBRARIES), str(root / "usr/bin/snac")]
    with tempfile.TemporaryDirectory(prefix="chorus-snac-") as folder, socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        data, address = str(Path(folder) / "data"), f"http://127.0.0.1:{port}"
        _run([*program, "init", data], told=f"127.0.0.1\n{port}\n127.0.0.1:{port}\n\n\n")
        _speak_plainly(Path(data) / "server.json")
        _run([*program, "adduser", data, ACCOUNT], told="")
        said = re.search(r"[Nn]ew password for user \w+ is (\S+)", _run([*program, "resetpwd", data, ACCOUNT]))
        if said is None:
            raise NotRunError("snac did not say its account's password")
        held.close()
        process = subprocess.Popen([*program, "httpd", data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(address)
            yield Snac(address, ACCOUNT, said.group(1))
        finally:
            process.kill()  # it takes long to end by itself, and what it keeps is thrown away
            process.wait()


def _speak_plainly(settings: Path) -> None:
    settings.write_text(json.dumps({**json.loads(settings.read_text()), "protocol": "http"}))


def _wait_for(address: str) -> None:
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end:
        try:
            requests.get(f"{address}/api/v1/instance", timeout=2)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise NotRunError("snac did not answer")
