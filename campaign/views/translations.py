"""Translating beside the source."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import in_organisation, person
from accounts.models import Organisation
from accounts.permissions import Action, can
from campaign.forms import TranslationForm
from campaign.services.approval import approval_by
from campaign.services.errors import ConflictError, NotAllowedError
from campaign.views.badges import name_of
from campaign.views.campaigns import cards_of
from campaign.views.desk import Desk, desk_for
from campaign.views.found import campaign_for
from campaign.views.steps import take_step


@in_organisation(Action.READ)
def translation_list(request: HttpRequest, organisation: Organisation, campaign: str, language: str) -> HttpResponse:
    """The posts and how far each is in one language."""
    found = campaign_for(person(request), organisation, campaign)
    if found.organiser_id == organisation.pk and language == found.source_language:
        return redirect("campaign_detail", organisation.slug, found.slug)
    if language not in organisation.languages:
        raise Http404
    source = [found.source_language] if found.organiser_id == organisation.pk else []
    context = {
        "organisation": organisation,
        "campaign": found,
        "language": language,
        "name": name_of(language),
        "source_name": name_of(found.source_language),
        "languages": [(code, name_of(code)) for code in organisation.languages if code not in source],
        "cards": cards_of(found, organisation, [language]),
        "may_translate": can(person(request), Action.TRANSLATE, organisation),
    }
    return render(request, "campaign/translation_list.html", context)


@in_organisation(Action.TRANSLATE)
def translation_edit(
    request: HttpRequest, organisation: Organisation, campaign: str, language: str, number: int
) -> HttpResponse:
    """The source, the words, what the checks say; save, hand in, approve, confirm."""
    desk = desk_for(person(request), organisation, campaign, language, number)
    if request.method != "POST":
        return _page(request, desk, _form(desk))
    form = _form(desk, request)
    if not form.is_valid():
        return _page(request, desk, form, status=422)
    try:
        step = take_step(desk, form, request.POST.get("do", "save"), person(request))
    except ConflictError as error:
        newer = desk_for(person(request), organisation, campaign, language, number)
        form.put_on(revision=newer.revision, source_revision=newer.source.revision)
        return _page(request, newer, form, status=409, conflict=error)
    except NotAllowedError as error:
        form.add_error(None, error.message)
        return _page(request, desk, form, status=422)
    messages.success(request, step.said)
    return redirect("translation_edit", organisation.slug, campaign, language, step.number)


@require_POST
@in_organisation(Action.TRANSLATE)
def translation_preview(
    request: HttpRequest, organisation: Organisation, campaign: str, language: str, number: int
) -> HttpResponse:
    """Checks, lengths and looks of what is being typed; nothing is saved."""
    desk = desk_for(person(request), organisation, campaign, language, number)
    context = {"organisation": organisation, "campaign": desk.post.campaign, "live": True}
    return render(
        request, "campaign/_words_preview.html", {**context, "outlook": desk.outlook(_form(desk, request).texts())}
    )


def _form(desk: Desk, request: HttpRequest | None = None) -> TranslationForm:
    return TranslationForm(
        request.POST if request else None,
        language=desk.language,
        links=[link.slug for link in desk.post.campaign.links.all()],
        saved=desk.saved,
        pictures=desk.pictures,
        initial={"revision": desk.revision, "source_revision": desk.source.revision},
    )


def _page(
    request: HttpRequest,
    desk: Desk,
    form: TranslationForm,
    status: int = 200,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    numbers = list(desk.post.campaign.posts.values_list("number", flat=True))
    context = {
        "desk": desk,
        "organisation": desk.organisation,
        "campaign": desk.post.campaign,
        "form": form,
        "outlook": desk.outlook(form.texts()),
        "source_alts": desk.source_alts,
        "of": len(numbers),
        "before": max((number for number in numbers if number < desk.post.number), default=None),
        "after": min((number for number in numbers if number > desk.post.number), default=None),
        "approval": approval_by(person(request), desk.organisation, desk.translation),
        **more,
    }
    return render(request, "campaign/translation_edit.html", context, status=status)
