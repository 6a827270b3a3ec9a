"""Pictures that a network fetches, by a signed address and without a sign-in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from campaign.services.errors import PictureError
from campaign.services.public_pictures import signed_picture


@login_not_required
@require_safe
def public_picture(request: HttpRequest, signature: str) -> HttpResponse:
    """The picture that the signature names; for everything else there is nothing here."""
    try:
        content = signed_picture(signature)
    except PictureError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response
