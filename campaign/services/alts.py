"""Alt texts that are written with a post's words, and the ones that a picture comes with."""

from collections.abc import Mapping

from campaign.models import Visual


def spoken_alt(alts: Mapping[str, str], picture: Visual, language: str) -> str:
    """What is said of the picture: the alt text written with the words (`alts`: digest → text), else the one in this
    language that the picture came with, else nothing: a foreign language read aloud helps nobody."""
    return str(alts.get(picture.digest, picture.alt_in(language)))


def own_alts(saved: Mapping[str, str], typed: Mapping[Visual, str], language: str) -> dict[str, str]:
    """The alt texts to save with the words. What a person left as it stood is not made their own; an alt text for a
    picture that is not shown any more is kept, in case it comes back."""
    changed = {picture.digest: said for picture, said in typed.items() if said != spoken_alt(saved, picture, language)}
    return {**saved, **changed}
