"""Our weighted count against X's own library, twitter-text in JavaScript, on random texts in 24 languages.

`python -m pytest -p no:django -c tests/real/pytest.ini tests/real/counts.py` runs it alone.
"""

import json
import subprocess

import pytest

from networks.text import x_weight
from tests.networks.many_languages import random_texts
from tests.real.install import NotRunError, install_counts

MANY = 6000


@pytest.fixture(scope="module")
def counted() -> list[tuple[str, int]]:
    """Each text with X's own count."""
    try:
        node, script = install_counts()
    except NotRunError as reason:
        pytest.fail(f"not run: {reason}")
    texts = random_texts(MANY)
    told = subprocess.run(
        [str(node), str(script)], input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=120
    )
    return list(zip(texts, json.loads(told.stdout), strict=True))


def test_the_texts_are_short_and_long_ones(counted: list[tuple[str, int]]) -> None:
    weights = [weight for _text, weight in counted]
    assert len(weights) == MANY
    assert min(weights) < 40
    assert max(weights) > 160


def test_our_weight_is_the_one_of_xs_own_library(counted: list[tuple[str, int]]) -> None:
    assert [(text, x_weight(text), weight) for text, weight in counted if x_weight(text) != weight] == []
