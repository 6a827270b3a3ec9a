"""Small rows for tests: each call makes one thing that is whole, and what it is not told it decides itself."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image

from accounts.crypto import encrypt
from accounts.models import Membership, Organisation, Role, User
from campaign.models import (
    Campaign,
    Link,
    Participation,
    Post,
    Translation,
    TranslationRevision,
    TranslationState,
    Visual,
)
from scheduler import clock
from scheduler.models import Channel, ScheduledItem, Transport
from scheduler.states import State

_numbers = count(1)
WORDS = "116 006 answers in 13 countries. {hashtags}"


@dataclass(frozen=True)
class World:
    """One organisation that runs a campaign with one post, in English and approved, and has one channel."""

    organisation: Organisation
    campaign: Campaign
    post: Post
    source: Translation
    channel: Channel


def make_world(
    network: str = "mastodon", transport: str = Transport.WALL, base_url: str = "", time_zone: str = "Europe/Brussels"
) -> World:
    """A world to schedule in. `base_url` is a wall's address, else the settings' one."""
    own = organisation(time_zone=time_zone, is_coordinator=True)
    whole = campaign(own)
    one = post(whole)
    return World(own, whole, one, translation(one, own), channel(own, network, transport, base_url=base_url))


def organisation(slug: str = "", time_zone: str = "Europe/Brussels", **columns: object) -> Organisation:
    """An organisation that posts in English."""
    slug = slug or f"organisation-{next(_numbers)}"
    values = {"name": slug.replace("-", " ").title(), "country": "BE", "languages": ["en"], **columns}
    return Organisation.objects.create(slug=slug, time_zone=time_zone, **values)


def user(own: Organisation | None = None, role: str = Role.EDITOR, email: str = "") -> User:
    """A login; with `own` a member there."""
    person = User.objects.create_user(email or f"login-{next(_numbers)}@chorus.example", name="Editor")
    if own:
        Membership.objects.create(user=person, organisation=own, role=role)
    return person


def campaign(organiser: Organisation, *participants: Organisation, **columns: object) -> Campaign:
    """A campaign that began yesterday and ends in ten days; its link «statement» has an address."""
    today = date.today()  # noqa: DTZ011 - days of a test; no zone is meant
    values = {
        "title": "Action week",
        "hashtags": ["#116006helpline"],
        "starts_on": today - timedelta(days=1),
        "ends_on": today + timedelta(days=10),
        **columns,
    }
    made = Campaign.objects.create(slug=f"campaign-{next(_numbers)}", organiser=organiser, **values)
    Participation.objects.bulk_create(Participation(campaign=made, organisation=o) for o in (organiser, *participants))
    Link.objects.create(campaign=made, slug="statement", title="Statement", url="https://chorus.example/statement")
    return made


def post(within: Campaign, number: int = 0, title: str = "One number") -> Post:
    """The campaign's next post, without words or pictures."""
    return Post.objects.create(campaign=within, number=number or within.posts.count() + 1, title=title)


def translation(
    of: Post,
    own: Organisation,
    language: str = "en",
    full: str = WORDS,
    short: str = "",
    state: str = TranslationState.APPROVED,
    variants: dict[str, str] | None = None,
) -> Translation:
    """The post's words as `own` says them, in revision 1; the organiser's in the campaign's language are the source."""
    is_source = own.pk == of.campaign.organiser_id and language == of.campaign.source_language
    made = Translation.objects.create(
        post=of, organisation=own, language=language, is_source=is_source, state=state, source_revision=1
    )
    revise(made, full, short, variants)
    return made


def revise(
    words: Translation, full: str, short: str = "", variants: dict[str, str] | None = None
) -> TranslationRevision:
    """The next revision of these words, which becomes the current one; the state stays. Tells nobody."""
    made = TranslationRevision.objects.create(
        translation=words,
        number=words.revision + 1,
        full=full,
        short=short,
        variants=variants or {},
        source_revision=words.source_revision,
        saved_at=clock.now(),
    )
    words.current, words.revision = made, made.number
    words.save()
    return made


def picture(of: Post, colour: str = "white", language: str = "") -> Visual:
    """A small picture of one colour, with an English alt text."""
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, "PNG")
    content = buffer.getvalue()
    made = Visual(
        post=of,
        language=language,
        position=of.visuals.count(),
        digest=sha256(content).hexdigest(),
        content_type="image/png",
        width=40,
        height=30,
        size=len(content),
        alts={"en": f"A {colour} field"},
    )
    made.file.save("picture.png", ContentFile(content))
    return made


def channel(
    own: Organisation, network: str = "mastodon", transport: str = Transport.WALL, name: str = "", base_url: str = ""
) -> Channel:
    """A connected channel with nothing planned. On the wall its account is one of its own."""
    name = name or f"{own.name} on {network}, {next(_numbers)}"
    sign = {"account": f"account-{next(_numbers)}", "author": name, "token": "only-for-tests"}
    return Channel.objects.create(
        organisation=own,
        network=network,
        transport=transport,
        name=name,
        base_url=base_url or (settings.WALL_URL if transport == Transport.WALL else ""),
        credentials=encrypt(sign) if transport == Transport.WALL else "",
    )


def item(
    of: Post, on: Channel, due: datetime | None = None, state: str = State.SCHEDULED, **columns: object
) -> ScheduledItem:
    """A row as scheduling leaves it (without lines in the log), due now if not told otherwise; the channel's turn
    follows. Its words are the source's, else give `revision` and `language`."""
    due = due or clock.now()
    wall = due.astimezone(on.organisation.zone)
    values: dict[str, object] = {
        "language": of.campaign.source_language,
        "due_wall": wall.replace(tzinfo=UTC),
        "due_zone": on.organisation.time_zone,
        "due_local_date": wall.date(),
        "next_try_at": due,
        "expires_at": due + timedelta(minutes=of.campaign.grace_minutes),
        **columns,
    }
    if "revision" not in values:
        values["revision"] = of.translations.get(is_source=True).words
    made = ScheduledItem.objects.create(campaign=of.campaign, post=of, channel=on, state=state, due_at=due, **values)
    if state == State.SCHEDULED:
        on.next_due = min(due for due in (on.next_due, made.next_try_at) if due)
        on.save(update_fields=["next_due"])
    return made
