"""Marks words for the catalogues where Django is not: an adapter knows nothing of it, and the page translates them."""


def _(words: str) -> str:
    """The words as they are."""
    return words
