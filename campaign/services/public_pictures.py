"""Pictures that a network fetches from us: an address that is signed, names one picture in one frame, and lapses.

Instagram takes no uploads of pictures; it fetches them while a post is prepared. The address needs no sign-in, so the
signature is the whole right to see that one picture, for an hour.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.exceptions import SuspiciousFileOperation
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.services.errors import PictureError
from campaign.services.render import read_picture
from networks.errors import RefusedError
from networks.meta.pictures import framed

LIFE = timedelta(hours=1)
"""How long an address works; Meta fetches within minutes, and each try signs a new one."""
SALT = "campaign.public_pictures"
LARGEST_SIDE = 4000
"""Pixels of a frame's longest side."""


def public_url_of(name: str, fetched_by: str) -> Callable[[int, int], str] | None:
    """What `Picture.public_url` is for the stored picture `name`, on a channel whose network is at `fetched_by`; None
    where that network could not reach us."""
    return None if public_address_problem(fetched_by) else partial(address, name)


def public_address_problem(fetched_by: str) -> str:
    """Why a network at `fetched_by` cannot fetch our pictures: a sentence for the channel page, empty where it can. Asked
    about networks that say `fetches_pictures`.

    A server on this machine (the demo's, a test's) reaches us at any address."""
    if (fetched_by and _is_local(fetched_by)) or (
        settings.PUBLIC_URL.startswith("https://") and not _is_local(settings.PUBLIC_URL)
    ):
        return ""
    return _(
        "This network fetches pictures from a public https address, and this installation is at %(address)s. Post by hand, "
        "or ask the operator to set CHORUS_PUBLIC_URL to an address that the internet can reach."
    ) % {"address": settings.PUBLIC_URL}


def address(name: str, width: int, height: int) -> str:
    """The whole address of a stored picture in a frame of that many pixels."""
    signature = signing.dumps([name, width, height], salt=SALT, compress=True)
    path: str = reverse("public_picture", args=[signature])
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def signed_picture(signature: str) -> bytes:
    """The JPEG that a signature stands for. Raises PictureError where it lapsed, is no signature of ours, or names a
    picture that is gone or cannot be made over."""
    try:
        name, width, height = signing.loads(signature, salt=SALT, max_age=LIFE)
        if not 0 < max(width, height) <= LARGEST_SIDE:
            raise PictureError("This frame is too large.")
        return framed(read_picture(name), width, height)
    except signing.BadSignature as error:
        raise PictureError("This address was not made here, or it has lapsed.") from error
    except (OSError, SuspiciousFileOperation, RefusedError) as error:
        raise PictureError("This picture is not there.") from error


def _is_local(address: str) -> bool:
    """Whether an address is of this machine or of an inner network."""
    host = urlsplit(address).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host
