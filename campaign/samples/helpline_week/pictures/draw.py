"""Draws the sample's pictures: renders sources/N.html to N.png with the machine's Chromium.

Run it with `python campaign/samples/helpline_week/pictures/draw.py` after changing a source; the pictures themselves
are kept in the repository, so that the demo needs neither a browser nor a font. Uses Inter where it is installed
(Debian: fonts-inter), else DejaVu Sans.
"""

import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent
WIDTH, HEIGHT = 1200, 675
"""Pixels. A ratio of 1.78 is within what Instagram takes: 4:5 to 1.91:1 (Meta, ig-user/media, read 2026-11-23)."""
COLOURS = 256
"""A palette keeps each picture under 150 kB; the gradients are dithered by Pillow's quantizer."""


def draw_all() -> None:
    """Writes every N.png. Raises RuntimeError where no Chromium is installed."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise RuntimeError("Chromium is not installed: on Debian, apt-get install chromium.")
    with sync_playwright() as playwright:
        # Without its sandbox, because containers run as root; it opens nothing but the files beside this one.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for source in sorted(FOLDER.glob("sources/*.html")):
            page.goto(source.as_uri())
            target = FOLDER / f"{source.stem}.png"
            page.screenshot(path=target)
            shrink(target)
        browser.close()


def shrink(picture: Path) -> None:
    """Rewrites a PNG with a palette of its own."""
    with Image.open(picture) as opened:
        small = opened.convert("RGB").quantize(COLOURS)
    small.save(picture, optimize=True)


if __name__ == "__main__":
    draw_all()
