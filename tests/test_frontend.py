"""The front end's base: colours that can be read, pages that ask no other host, templates without inline code."""

import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from tools import frontend

ROOT = Path(__file__).resolve().parent.parent
TOKENS = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
STYLES = sorted((ROOT / "static/css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

STATES = ("ok", "plan", "hand", "hold", "look", "bad", "none")
TEXT_ON_GROUND = [
    *product(("ink", "muted", "accent"), ("paper", "ground")),
    *((state, f"{state}-soft") for state in STATES),
    *product(STATES, ("paper",)),
    ("accent", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ink", "look-soft"),
    ("muted", "look-soft"),
]


def tokens(theme: str) -> dict[str, str]:
    light, dark = TOKENS.split('[data-bs-theme="dark"]')
    found = dict(re.findall(r"--ch-([a-z-]+): (#[0-9a-f]{6})", light))
    return found | (dict(re.findall(r"--ch-([a-z-]+): (#[0-9a-f]{6})", dark)) if theme == "dark" else {})


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read_on_its_ground(theme: str, text: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_border_of_a_field_can_be_seen(theme: str) -> None:
    colours = tokens(theme)
    assert contrast(colours["edge"], colours["paper"]) >= 3


@pytest.mark.parametrize("path", [*STYLES, *SCRIPTS], ids=lambda path: path.name)
def test_our_own_files_name_no_other_host(path: Path) -> None:
    assert not re.search(r"https?://|@import|//cdn", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_has_no_inline_script_style_or_handler(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|\shx-on|javascript:|\shx-vals=.js:", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_the_vendor_folder_is_filled_and_asks_no_other_host() -> None:
    assert frontend.up_to_date(), "run `python tools/frontend.py`"
    for sheet in frontend.VENDOR.rglob("*.css"):
        css = sheet.read_text(encoding="utf-8")
        assert all((sheet.parent / name).is_file() for name in frontend.named_files(css))
        assert not re.search(r"url\([\"']?(https?:)?//", css)


def test_filling_it_again_asks_nobody() -> None:
    command = [sys.executable, "tools/frontend.py"]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, timeout=10)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_lock_names_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_a_stylesheet_comes_without_its_source_map(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("b{background:url(x/y.png?v=1)}\n/*# sourceMappingURL=a.css.map */")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "y.png").write_bytes(b"picture")
    frontend.copy_stylesheet(tmp_path / "a.css", tmp_path / "out")
    assert "sourceMappingURL" not in (tmp_path / "out" / "a.css").read_text()
    assert (tmp_path / "out" / "x" / "y.png").read_bytes() == b"picture"


def test_pictures_inside_a_stylesheet_are_not_files() -> None:
    assert frontend.named_files("a{b:url(\"data:image/svg+xml,%3csvg/%3e\")} c{d:url('e.woff2#f')}") == ["e.woff2"]
