"""Stores the sample campaign: organisations with their logins, the campaign, its posts in every language."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from campaign.models import Asset, Campaign, Link, Participation, Target, TargetHandle
from campaign.services.sample_files import HELPLINE_WEEK, Sample, SampleEmbargo, SampleOrganisation, read_sample
from campaign.services.sample_texts import store_posts


def load(today: date) -> Campaign:
    """The sample campaign, stored with its days counted from `today` if it was not there yet. What is there stays as
    it is, whatever people made of it."""
    sample = read_sample(HELPLINE_WEEK)
    with transaction.atomic():
        found = Campaign.objects.filter(slug=sample.campaign.slug).first()
        return found or _store(sample, today)


def _store(sample: Sample, today: date) -> Campaign:
    organisations = {entry.slug: _organisation(entry) for entry in sample.organisations}
    campaign = _campaign(sample, organisations[sample.campaign.organiser], today)
    Participation.objects.bulk_create(
        Participation(campaign=campaign, organisation=organisation) for organisation in organisations.values()
    )
    _links(sample, campaign, today)
    _targets(sample, campaign)
    _assets(sample, campaign)
    store_posts(sample.posts, campaign, list(organisations.values()))
    return campaign


def _organisation(entry: SampleOrganisation) -> Organisation:
    organisation, _ = Organisation.objects.get_or_create(
        slug=entry.slug,
        defaults={
            "name": entry.name,
            "country": entry.country,
            "languages": list(entry.languages),
            "time_zone": entry.time_zone,
            "is_coordinator": entry.is_coordinator,
        },
    )
    for login in entry.logins:
        user = User.objects.filter(email=login.email).first() or _user(login.email, login.label)
        Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"role": login.role})
    return organisation


def _user(email: str, label: str) -> User:
    """A login without a password, called by what stands before the organisation in its label."""
    return User.objects.create_user(email, name=label.partition(",")[0])


def _campaign(sample: Sample, organiser: Organisation, today: date) -> Campaign:
    told = sample.campaign
    return Campaign.objects.create(
        slug=told.slug,
        title=told.title,
        organiser=organiser,
        source_language=told.source_language,
        page_url=told.page,
        contact=told.contact,
        slogan=told.slogan,
        summary=told.summary,
        asks=list(told.asks),
        hashtags=list(told.hashtags),
        related_hashtags=list(told.related_hashtags),
        starts_on=today + timedelta(days=told.start_day),
        ends_on=today + timedelta(days=told.end_day),
    )


def _links(sample: Sample, campaign: Campaign, today: date) -> None:
    now = timezone.now()
    Link.objects.bulk_create(
        Link(
            campaign=campaign,
            slug=link.slug,
            title=link.title,
            url=link.url,
            available_from=_opening(link.embargo, today) if link.embargo else None,
            filled_at=now if link.url else None,
        )
        for link in sample.links
    )


def _opening(embargo: SampleEmbargo, today: date) -> datetime:
    day = today + timedelta(days=embargo.day)
    return datetime.combine(day, embargo.at, tzinfo=ZoneInfo(embargo.time_zone))


def _targets(sample: Sample, campaign: Campaign) -> None:
    for position, entry in enumerate(sample.targets):
        target = Target.objects.create(campaign=campaign, name=entry.name, position=position)
        TargetHandle.objects.bulk_create(
            TargetHandle(target=target, network=network, handle=handle) for network, handle in entry.handles.items()
        )


def _assets(sample: Sample, campaign: Campaign) -> None:
    """An asset without a link of its own is the posts themselves: it leads to the campaign's page."""
    addresses = {link.slug: link.url for link in sample.links} | {"": campaign.page_url}
    Asset.objects.bulk_create(
        Asset(campaign=campaign, title=asset.title, url=addresses[asset.link], position=position)
        for position, asset in enumerate(sample.assets)
    )
