"""The outermost middleware: a sign of life without any host, session or database, and an id for each request."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from scheduler import trace

log = logging.getLogger("chorus.request")
HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Next = Callable[[HttpRequest], HttpResponse]


def alive(get_response: Next) -> Next:
    """Answers /healthz before anything else can fail: the process runs and takes requests, whatever the Host header."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return HttpResponse("alive\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
        return get_response(request)

    return middleware


def traced(get_response: Next) -> Next:
    """Gives the request its id (the proxy's own, where it sends a sane one), and says in the log what changed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if ACCEPTED.fullmatch(given) else uuid.uuid4().hex
        started = time.monotonic()
        with trace.bound(request=request_id):
            response = get_response(request)
            if request.method not in SAFE:
                _tell(request, response, time.monotonic() - started)
        response.headers[HEADER] = request_id
        return response

    return middleware


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """One line for a request that may have changed something. The path only: a query may hold what is nobody's
    business."""
    said = {"method": request.method, "path": request.path, "status": response.status_code}
    log.info("%(method)s %(path)s answered %(status)s", said, extra={**said, "milliseconds": round(seconds * 1000)})
