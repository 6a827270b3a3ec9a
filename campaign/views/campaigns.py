"""The campaign as everybody who takes part reads it: its posts and whom they address."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import in_organisation, person
from accounts.models import Organisation
from accounts.permissions import Action, can
from campaign.models import Campaign, Link, Post, Target, Translation, Visual
from campaign.services.alts import spoken_alt
from campaign.services.translate import sources_for
from campaign.views.badges import Badge, badge_of
from campaign.views.found import campaign_for
from networks.base import Network
from networks.registry import all_networks


@dataclass(frozen=True)
class Card:
    """A post in a list: its picture and source, and how far each language of the organisation is."""

    post: Post
    picture: Visual | None
    alt: str
    source: Translation | None
    badges: list[tuple[str, Badge]]


def cards_of(campaign: Campaign, organisation: Organisation, languages: list[str]) -> list[Card]:
    """The posts in order, in a number of queries that does not grow with them."""
    posts = list(campaign.posts.prefetch_related("visuals"))
    sources = sources_for(posts)
    own = Translation.objects.with_texts().filter(post__in=posts, organisation=organisation)
    words = {(translation.post_id, translation.language): translation for translation in own}
    cards = []
    for post in posts:
        source = sources.get(post.pk)
        badges = [(language, badge_of(words.get((post.pk, language)), source)) for language in languages]
        picture = picture_of(post, [*languages, campaign.source_language])
        told = [*(words.get((post.pk, language)) for language in languages), source]
        cards.append(Card(post, picture, _alt_of(picture, told) if picture else "", source, badges))
    return cards


def _alt_of(picture: Visual, told: list[Translation | None]) -> str:
    """What the first of these words that say anything of the picture say."""
    said = (spoken_alt(words.words.alts, picture, words.language) for words in told if words)
    return next(filter(None, said), "")


def picture_of(post: Post, languages: list[str]) -> Visual | None:
    """The picture in the first of these languages that has one, else any."""
    visuals = list(post.visuals.all())
    return next(
        (v for language in [*languages, ""] for v in visuals if v.language == language), next(iter(visuals), None)
    )


@in_organisation(Action.READ)
def campaign_detail(request: HttpRequest, organisation: Organisation, campaign: str) -> HttpResponse:
    """The posts with their pictures and how far their words are."""
    found = campaign_for(person(request), organisation, campaign)
    organises = found.organiser_id == organisation.pk
    context = {
        "organisation": organisation,
        "campaign": found,
        "may_edit": organises and can(person(request), Action.EDIT_CAMPAIGN, organisation),
        "may_translate": can(person(request), Action.TRANSLATE, organisation),
        "language": organisation.language,
        "translates": not (organises and organisation.language == found.source_language),
        "cards": cards_of(found, organisation, organisation.languages),
        "links": link_rows(found),
    }
    return render(request, "campaign/campaign_detail.html", context)


@dataclass(frozen=True)
class LinkRow:
    """A link, and whether its day has not come yet."""

    link: Link
    is_embargoed: bool


def link_rows(campaign: Campaign) -> list[LinkRow]:
    """The campaign's links with where they stand now."""
    now = timezone.now()
    return [LinkRow(link, link.is_embargoed(now)) for link in campaign.links.all()]


@in_organisation(Action.READ)
def target_table(request: HttpRequest, organisation: Organisation, campaign: str) -> HttpResponse:
    """Whom the campaign mentions: a handle for each network, as it is written there."""
    found = campaign_for(person(request), organisation, campaign)
    targets = found.targets.filter(Q(organisation=None) | Q(organisation=organisation)).prefetch_related("handles")
    networks = all_networks()
    context = {
        "organisation": organisation,
        "campaign": found,
        "networks": networks,
        "rows": [(target, [_handles(target, network) for network in networks]) for target in targets],
    }
    return render(request, "campaign/target_table.html", context)


def _handles(target: Target, network: Network) -> list[tuple[str, bool]]:
    """The handles on one network, and whether each is valid today."""
    today = timezone.now().date()
    return [
        (
            network.handle_text(handle.handle),
            (handle.valid_from is None or handle.valid_from <= today)
            and (handle.valid_until is None or handle.valid_until >= today),
        )
        for handle in target.handles.all()
        if handle.network == network.slug
    ]
