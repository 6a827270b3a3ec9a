"""Pictures and texts that several tests use."""

import hashlib
import io

from PIL import Image

from networks.content import Picture


def picture(
    alt: str = "A hand on a telephone", *, width: int = 40, height: int = 40, content_type: str = "image/jpeg"
) -> Picture:
    """A real picture of one colour, which depends on its alt text."""
    told = hashlib.sha256(alt.encode()).digest()
    out = io.BytesIO()
    Image.new("RGB", (width, height), (told[0], told[1], told[2])).save(out, content_type.removeprefix("image/"))
    data = out.getvalue()
    return Picture(
        digest=hashlib.sha256(data).hexdigest(),
        content_type=content_type,
        width=width,
        height=height,
        size=len(data),
        alt=alt,
        read=lambda: data,
    )


WORDS = (
    "help",
    "Opfer",
    "víctimas",
    "rikosuhripäivystys",
    "Δικαιώματα",
    "жертвы",
    "għajnuna",
    "rights.",
    "why?",
    "—",
    "(confidential)",
    "“listen”,",
    "116 006",
    "116\u00a0006",
    "https://victim-support.eu/help?lang=el#call",
    "victim-support.eu",
    "(https://example.org/a_(b)).",
    "#VictimsRights",
    "#ΔικαιώματαΘυμάτων,",
    "@EU_Commission",
    "@user@mastodon.example",
    "info@victim-support.eu",
    "👩‍👩‍👧‍👦",
    "🇪🇺",
    "👍🏽!",
    "1️⃣",
)
"""Words as they come in posts; `116 006` with a plain space counts as two when words are compared."""
