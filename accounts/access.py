"""The first line of every view: which organisation, and may this person."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import Organisation, User
from accounts.permissions import Action, can, can_anywhere, memberships_of

View = Callable[..., HttpResponse]


def person(request: HttpRequest) -> User:
    """The signed-in user; LoginRequiredMiddleware has let nobody else through."""
    return cast(User, request.user)


def in_organisation(action: Action) -> Callable[[View], View]:
    """Gives the view its organisation from the address; 404 for a stranger, 403 for a member who may not."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, organisation: str, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - the route's own
            own = own_organisation(person(request), organisation)
            if not can(person(request), action, own):
                raise PermissionDenied(f"Your role here does not allow this ({action}). Ask an admin of {own}.")
            return view(request, own, *args, **kwargs)

        return checked

    return decorate


def own_organisation(user: User, slug: str) -> Organisation:
    """The organisation among those of the person's memberships, which every page has read anyway; else Http404."""
    found = [m.organisation for m in memberships_of(user) if m.organisation.slug == slug]
    if not found:
        raise Http404
    return found[0]


def operators_only(view: View) -> View:
    """The pages of those who run the installation: for everybody else they are not there."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - the route's own
        not_found_unless(can_anywhere(person(request), Action.OPERATE))
        return view(request, *args, **kwargs)

    return checked


def not_found_unless(allowed: bool) -> None:
    """404 rather than 403 where even the existence of a thing is nobody else's business."""
    if not allowed:
        raise Http404
