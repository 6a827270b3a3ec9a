"""What the frame of every page shows: the context processor."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.access import person
from accounts.models import Membership
from accounts.permissions import memberships_of
from accounts.services.demo import demo_logins
from campaign.models.campaign import campaigns_of
from scheduler import clock
from scheduler.services import frame as around

SENDS_MAIL = frozenset({"account_reset_password", "account_reset_password_done", "account_email"})
"""Pages that send a mail; in a demo they say where it lands."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Places, clocks and alarms of the organisation one is in. Nobody's page has the product's name only, and the
    sign-in page what is needed to sign in."""
    plain = {"product_name": settings.PRODUCT_NAME}
    if _view_of(request) == "account_login":
        plain |= {"demo_logins": demo_logins(), "cookies_need_https": _cookies_need_https(request)}
    if settings.DEMO and _view_of(request) in SENDS_MAIL:
        plain |= {"demo_mail": getattr(settings, "EMAIL_FILE_PATH", "")}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return plain
    membership = _membership_of(request)
    return plain if membership is None else plain | _inside(request, membership)


def _inside(request: HttpRequest, membership: Membership) -> dict[str, Any]:
    organisation, now = membership.organisation, clock.now()
    campaign = next(iter(campaigns_of(organisation)), None)
    counts = around.count(person(request), organisation)
    return {
        "organisation": organisation,
        "role": person(request).name or _(membership.get_role_display()),
        "campaign": campaign,
        "counts": counts,
        "places": [
            *around.places(organisation, campaign, counts, _view_of(request)),
            *around.operators_places(person(request), _view_of(request)),
        ],
        "clocks": around.clocks(organisation, campaign, now),
        "alarms": around.alarms(now, organisation.zone),
    }


def _membership_of(request: HttpRequest) -> Membership | None:
    """In the address's organisation, else the first one; somebody else's organisation is nobody's frame."""
    memberships = memberships_of(person(request))
    match = request.resolver_match
    slug = match.kwargs.get("organisation") if match else None
    return next((m for m in memberships if m.organisation.slug == slug), next(iter(memberships), None))


def _view_of(request: HttpRequest) -> str:
    return (request.resolver_match.url_name or "") if request.resolver_match else ""


def _cookies_need_https(request: HttpRequest) -> bool:
    """Whether the browser will drop the sign-in because it came over http."""
    return bool(settings.SESSION_COOKIE_SECURE) and not request.is_secure()
