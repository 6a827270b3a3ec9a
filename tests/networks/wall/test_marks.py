"""How a text becomes HTML."""

import pytest

from networks.wall.marks import mark

LINK = '<a class="link" href="{0}" rel="nofollow noreferrer">{1}</a>'


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;"),
        ("#116006helpline, #116006", '<span class="tag">#116006helpline</span>, #116006'),
        ("(@EU_Commission)", '(<span class="mention">@EU_Commission</span>)'),
        ("See https://vse.eu/a?b=1&c=2.", "See " + LINK.format(*["https://vse.eu/a?b=1&amp;c=2"] * 2) + "."),
        ("victim-support.eu/help", LINK.format("https://victim-support.eu/help", "victim-support.eu/help")),
        ("https://vse.eu/#part", LINK.format(*["https://vse.eu/#part"] * 2)),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_a_text_is_escaped_and_marked(text: str, marked: str):
    assert mark(text) == marked


def test_without_links_an_address_is_only_marked():
    assert mark("https://vse.eu", links=False) == '<span class="link">https://vse.eu</span>'
