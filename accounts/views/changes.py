"""«What changed»: the audit, for admins."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import person
from accounts.models import AuditEntry, Role
from accounts.permissions import Action, can_anywhere
from accounts.services.audit import names_of, visible_to

PAGE = 50
"""Lines on a page; the next one begins below the last line's id, so that no page counts rows."""


@dataclass(frozen=True)
class Line:
    """A line with whoever stands behind it."""

    entry: AuditEntry
    who: str


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The newest lines first: an admin's own organisations, every one for a coordinator's admin."""
    user = person(request)
    if not can_anywhere(user, Action.MEMBERS):
        raise PermissionDenied(_("Only an admin sees what changed. Ask an admin of your organisation."))
    entries = visible_to(user).select_related("organisation")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    found = list(entries[: PAGE + 1])
    context = {"lines": _lines(found[:PAGE]), "older": found[PAGE - 1].pk if len(found) > PAGE else None}
    return render(request, "accounts/changes.html", context)


def _lines(entries: list[AuditEntry]) -> list[Line]:
    names = names_of(entries)
    return [Line(entry, _who(entry, names.get(str(entry.actor_id), ""))) for entry in entries]


def _who(entry: AuditEntry, name: str) -> str:
    """«Editor (name)», without a name that only repeats the role; Chorus itself has neither."""
    label = str(Role(entry.actor_role).label) if entry.actor_role in Role.values else ""
    role = _(label) if label else ""
    return f"{role} ({name})" if role and name and name not in (role, label) else name or role or "Chorus"
