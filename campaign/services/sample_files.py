"""Reads a sample campaign from its folder into plain data; nothing is stored here."""

import zoneinfo
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from types import MappingProxyType

from campaign.services.sample_posts import SamplePost, SampleSource, SampleText, SampleTranslation, read_posts
from campaign.services.sample_records import Record, SampleError, read_table, read_tables
from networks.registry import NETWORKS

__all__ = [
    "HELPLINE_WEEK",
    "Sample",
    "SampleAsset",
    "SampleCampaign",
    "SampleChannel",
    "SampleEmbargo",
    "SampleError",
    "SampleLink",
    "SampleLogin",
    "SampleOrganisation",
    "SamplePost",
    "SampleSource",
    "SampleTarget",
    "SampleText",
    "SampleTranslation",
    "read_sample",
]

HELPLINE_WEEK = Path(__file__).resolve().parents[1] / "samples" / "helpline_week"
ROLES = ("viewer", "translator", "editor", "admin")
TRANSPORTS = ("wall", "by_hand")
APPROVALS = ("organisation", "coordinator")


@dataclass(frozen=True)
class SampleCampaign:
    """`organiser` is an organisation's slug. `start_day` and `end_day` count from the day of loading, in the
    organiser's time zone. `approval` says who approves translations."""

    title: str
    slug: str
    slogan: str
    organiser: str
    source_language: str
    page: str
    contact: str
    approval: str
    summary: str
    asks: tuple[str, ...]
    why_reshare: str
    start_day: int
    end_day: int
    hashtags: tuple[str, ...]
    related_hashtags: tuple[str, ...]


@dataclass(frozen=True)
class SampleChannel:
    """`network` is a slug of the registry, `transport` wall or by_hand, `name` what people read."""

    network: str
    transport: str
    name: str


@dataclass(frozen=True)
class SampleLogin:
    """A role that one can sign in as; `label` stands on its button."""

    email: str
    role: str
    label: str


@dataclass(frozen=True)
class SampleOrganisation:
    """`country` is ISO 3166-1 alpha-2, `languages` are BCP 47 with the first one preferred, `time_zone` is IANA's."""

    slug: str
    name: str
    short_name: str
    is_coordinator: bool
    country: str
    languages: tuple[str, ...]
    time_zone: str
    channels: tuple[SampleChannel, ...]
    logins: tuple[SampleLogin, ...]


@dataclass(frozen=True)
class SampleEmbargo:
    """A link's opening: `day` counts from the day of loading, `at` is the wall time in `time_zone`."""

    day: int
    at: time
    time_zone: str


@dataclass(frozen=True)
class SampleLink:
    """A named link; `url` is empty while it is not known."""

    slug: str
    title: str
    url: str
    embargo: SampleEmbargo | None


@dataclass(frozen=True)
class SampleTarget:
    """Whom to mention; `handles` maps a network's slug to the handle as printed."""

    slug: str
    name: str
    handles: Mapping[str, str]


@dataclass(frozen=True)
class SampleAsset:
    """Something to hand out; `link` is the slug of the link behind it, or empty."""

    slug: str
    title: str
    description: str
    link: str


@dataclass(frozen=True)
class Sample:
    """A whole sample campaign, in the order of its files."""

    campaign: SampleCampaign
    organisations: tuple[SampleOrganisation, ...]
    links: tuple[SampleLink, ...]
    targets: tuple[SampleTarget, ...]
    assets: tuple[SampleAsset, ...]
    posts: tuple[SamplePost, ...]


def read_sample(folder: Path) -> Sample:
    """The sample campaign in `folder`. Raises SampleError, which names file and line, at the first thing amiss."""
    organisations = tuple(
        _organisation(record) for record in read_tables(folder / "organisations.toml", "organisation")
    )
    links = tuple(_link(record) for record in read_tables(folder / "links.toml", "link"))
    slugs = [link.slug for link in links]
    campaign = _campaign(read_table(folder / "campaign.toml"), [o.slug for o in organisations if o.is_coordinator])
    return Sample(
        campaign=campaign,
        organisations=organisations,
        links=links,
        targets=tuple(_target(record) for record in read_tables(folder / "targets.toml", "target")),
        assets=tuple(_asset(record, slugs) for record in read_tables(folder / "assets.toml", "asset")),
        posts=read_posts(folder, campaign.source_language, slugs),
    )


def _campaign(record: Record, coordinators: Collection[str]) -> SampleCampaign:
    hashtags = record.take_record("hashtags")
    campaign = SampleCampaign(
        title=record.take_text("title"),
        slug=record.take_text("slug"),
        slogan=record.take_text("slogan"),
        organiser=record.take_one_of("organiser", coordinators),
        source_language=record.take_text("source_language"),
        page=record.take_text("page"),
        contact=record.take_text("contact"),
        approval=record.take_one_of("approval", APPROVALS),
        summary=record.take_text("summary"),
        asks=record.take_texts("asks"),
        why_reshare=record.take_text("why_reshare"),
        start_day=record.take_number("start_day"),
        end_day=record.take_number("end_day"),
        hashtags=hashtags.take_texts("campaign"),
        related_hashtags=hashtags.take_texts("related"),
    )
    hashtags.finish()
    record.finish()
    if campaign.end_day < campaign.start_day:
        raise record.error("“end_day” lies before “start_day”.")
    return campaign


def _organisation(record: Record) -> SampleOrganisation:
    organisation = SampleOrganisation(
        slug=record.take_text("slug"),
        name=record.take_text("name"),
        short_name=record.take_text("short_name"),
        is_coordinator=record.take_flag("is_coordinator"),
        country=record.take_text("country"),
        languages=record.take_texts("languages"),
        time_zone=_take_zone(record, "time_zone"),
        channels=tuple(_channel(channel) for channel in record.take_records("channels")),
        logins=tuple(_login(login) for login in record.take_records("logins")),
    )
    record.finish()
    return organisation


def _channel(record: Record) -> SampleChannel:
    channel = SampleChannel(
        network=record.take_one_of("network", NETWORKS),
        transport=record.take_one_of("transport", TRANSPORTS),
        name=record.take_text("name"),
    )
    record.finish()
    return channel


def _login(record: Record) -> SampleLogin:
    login = SampleLogin(
        email=record.take_text("email"), role=record.take_one_of("role", ROLES), label=record.take_text("label")
    )
    record.finish()
    return login


def _link(record: Record) -> SampleLink:
    link = SampleLink(
        slug=record.take_text("slug"),
        title=record.take_text("title"),
        url=record.take_text("url", empty=True),
        embargo=_embargo(record) if record.has("available_from_day") else None,
    )
    record.finish()
    return link


def _embargo(record: Record) -> SampleEmbargo:
    at = record.take_text("available_from_time")
    try:
        moment = time.fromisoformat(at)
    except ValueError:
        raise record.error(f"“available_from_time” must be a time such as 09:00, not “{at}”.") from None
    return SampleEmbargo(record.take_number("available_from_day"), moment, _take_zone(record, "available_from_zone"))


def _target(record: Record) -> SampleTarget:
    handles = record.take_record("handles")
    unknown = sorted(set(handles.values) - set(NETWORKS))
    if unknown:
        raise record.error(f"no network is called “{unknown[0]}”.")
    target = SampleTarget(
        slug=record.take_text("slug"),
        name=record.take_text("name"),
        handles=MappingProxyType({network: handles.take_text(network) for network in handles.values}),
    )
    record.finish()
    return target


def _asset(record: Record, links: Collection[str]) -> SampleAsset:
    asset = SampleAsset(
        slug=record.take_text("slug"),
        title=record.take_text("title"),
        description=record.take_text("description"),
        link=record.take_text("link", empty=True),
    )
    record.finish()
    if asset.link and asset.link not in links:
        raise record.error(f"links.toml has no link “{asset.link}”.")
    return asset


def _take_zone(record: Record, key: str) -> str:
    name = record.take_text(key)
    if name not in zoneinfo.available_timezones():
        raise record.error(f"“{name}” is not a time zone.")
    return name
