"""The pictures of posts, for those who see the posts."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import in_organisation, person
from accounts.models import Organisation
from accounts.permissions import Action
from campaign.models import Post, Visual
from campaign.services.render import read_picture
from campaign.views.found import campaign_for


@require_safe
@in_organisation(Action.READ)
def visual_file(request: HttpRequest, organisation: Organisation, campaign: str, visual: int) -> HttpResponse:
    """The picture's bytes, shown in the page. The address of a picture never gets other bytes, so a browser keeps it."""
    found = campaign_for(person(request), organisation, campaign)
    posts = Post.objects.visible_to(person(request)).filter(campaign=found)
    picture = get_object_or_404(Visual.objects.filter(post__in=posts), pk=visual)
    try:
        content = read_picture(str(picture.file.name))
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=picture.content_type)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
