"""LinkedIn: two pages of one person, a consent page, pictures in three steps, and posts whose little text is read as
LinkedIn reads it: what stands behind an unescaped reserved character is gone without a word.

Requests obey contracts/linkedin.json, which we wrote from LinkedIn's documents.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from networks.content import Json
from tests.networks.contract import Seen
from tests.networks.fakes.base import FakeServer, Reply, Request
from tests.networks.fakes.consent import Consents
from tests.networks.fakes.openapi import NoSuchCallError, OpenApiError, check_request, description

SCOPE = "w_organization_social r_organization_social rw_organization_admin"
PAGE, OTHER_PAGE = "urn:li:organization:1000001", "urn:li:organization:1000002"
PAGES: dict[str, Json] = {
    PAGE: {"id": 1000001, "localizedName": "Chorus tests", "vanityName": "chorus-tests"},
    OTHER_PAGE: {"id": 1000002, "localizedName": "Ένωση (tests)", "vanityName": ""},
}
ROLES = [
    {"role": "ADMINISTRATOR", "organization": PAGE, "state": "APPROVED"},
    {"role": "CONTENT_ADMIN", "organization": OTHER_PAGE, "state": "APPROVED"},
    {"role": "ANALYST", "organization": "urn:li:organization:1000003", "state": "APPROVED"},
]
OLDEST_VERSION = "202601"

ESCAPED = re.compile(r"\\(.)", re.DOTALL)
MENTION = re.compile(r"@\[((?:[^\]\\]|\\.)+)\]\(urn:li:(?:organization|person):[\w-]+\)")
HASHTAG = re.compile(r"#\w+")
RESERVED = "|{}@[]()<>#*_~\\"


@dataclass
class Post:
    """A post as it was sent; `shown` is what a reader sees of its commentary."""

    urn: str
    commentary: str
    shown: str
    images: list[Json]
    parent: str
    made: float = field(default_factory=time.time)


class ApiError(Exception):
    """An answer of the API that refuses."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.reply = Reply.of(status, {"message": message, "status": status, "code": code or f"HTTP_{status}"})


class FakeLinkedIn(FakeServer):
    """`processing` is how often a picture is still being looked at before it is there."""

    def __init__(self) -> None:
        super().__init__()
        self.consents = Consents(
            "LinkedIn", pkce=False, rotates=False, access_life=60 * 86400, refresh_life=365 * 86400
        )
        self.kept: list[Post] = []
        self.pictures: dict[str, bytes] = {}
        self.processing: dict[str, int] = {}
        self.slow = 0
        self.roles: list[Json] = list(ROLES)
        self._number = 7_000_000_000

    def credentials(self) -> dict[str, str]:
        """What a page that is connected already stores."""
        given = self.consents.give(SCOPE)
        return {
            "access_token": str(given["access_token"]),
            "refresh_token": str(given.get("refresh_token", "")),
            "expires_at": str(int(time.time()) + 60 * 86400),
            "client_id": "chorus-client-id",
            "client_secret": "chorus-client-secret-5c1",
            "organization": PAGE,
        }

    def posts(self) -> Sequence[Seen]:
        return [
            Seen(post.urn, post.shown, alts=tuple(image.get("altText", "") for image in post.images))
            for post in self.kept
        ]

    def irreversible(self, request: Request) -> bool:
        return (request.method, request.path) == ("POST", "/rest/posts")

    def definite(self, scenario: str, request: Request) -> Reply:
        if scenario == "token_dead":
            self.consents.end()
            return ApiError(
                401, f"Invalid access token {request.headers['Authorization']}", "REVOKED_ACCESS_TOKEN"
            ).reply
        errors = {
            "refused": ApiError(422, "com.linkedin.content.Content field is too long", "FIELD_LENGTH_TOO_LONG"),
            "duplicate": _duplicate("urn:li:share:6999999999"),
            "rate_limited": ApiError(429, "Resource level throttle APPLICATION DAY limit reached", "TOO_MANY_REQUESTS"),
            "scope_missing": ApiError(403, "Not enough permissions to access: posts.CREATE", "ACCESS_DENIED"),
            "no_right": ApiError(
                403, "Not enough permissions to access: partnerApiPostsExternal.CREATE", "ACCESS_DENIED"
            ),
        }
        return errors[scenario].reply if scenario in errors else super().definite(scenario, request)

    def answer(self, request: Request) -> Reply:
        doors = {"/oauth/v2/authorization": self.consents.page, "/oauth/v2/accessToken": self.consents.token}
        if request.path in doors:
            return doors[request.path](request)
        try:
            if request.path.startswith("/dms-uploads/"):
                return self._take(request)
            return self._api(request)
        except ApiError as error:
            return error.reply
        except NoSuchCallError:
            return ApiError(404, "No virtual resource found", "RESOURCE_NOT_FOUND").reply
        except OpenApiError as error:
            return ApiError(400, f"{error}", "INVALID_REQUEST").reply

    def _api(self, request: Request) -> Reply:
        path, body = unquote(request.path), request.json() if request.body else None
        self._checked(request, path, body)
        call, last = f"{request.method} {path.split('/')[2]}", path.rpartition("/")[2]
        if call == "POST posts":
            return self._create(body)
        if call == "GET posts":
            newest = sorted(self.kept, key=lambda post: -post.made)[: int(request.query.get("count", 10))]
            return Reply.of(200, {"elements": [_told(post) for post in newest], "paging": {}})
        if call == "DELETE posts":
            self.kept = [post for post in self.kept if post.urn != last]
            return Reply(204)
        if call == "POST images":
            return self._place()
        if call == "GET images":
            return self._picture(last)
        if call == "GET organizations":
            return self._page(f"urn:li:organization:{last}")
        if call == "GET organizationAcls":
            return Reply.of(200, {"elements": self.roles, "paging": {}})
        return self._numbers(request)

    def _checked(self, request: Request, path: str, body: Json) -> None:
        """Headers, token, and the contract file."""
        headers = description("linkedin.json")["headers"]
        for name, pattern in headers.items():
            if not re.fullmatch(pattern.strip("^$"), request.headers.get(name) or ""):
                raise ApiError(400, f"A version must be present: {name}", "VERSION_MISSING")
        if request.headers["LinkedIn-Version"] < OLDEST_VERSION:
            raise ApiError(426, "Requested version is not active", "NONEXISTENT_VERSION")
        if self.consents.bearer(request) is None:
            raise ApiError(401, "The token used in the request has expired", "EXPIRED_ACCESS_TOKEN")
        check_request("linkedin.json", request.method, path, request.query, body)
        whole = description("linkedin.json")["paths"]
        template = next(one for one in whole if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path))
        wanted = whole[template][request.method.lower()].get("restliMethod")
        if wanted and request.headers.get("X-RestLi-Method") != wanted:
            raise ApiError(400, f"X-RestLi-Method must be {wanted}", "INVALID_REQUEST")

    def _create(self, body: Json) -> Reply:
        images = _images(body)
        for image in images:
            if image["id"] not in self.pictures:
                raise ApiError(400, f"Image {image['id']} is not there", "MEDIA_ASSET_WAITING_UPLOAD")
        if len(body["commentary"].encode("utf-16-le")) // 2 > 3000:
            raise ApiError(422, "commentary is too long", "FIELD_LENGTH_TOO_LONG")
        parent = body.get("reshareContext", {}).get("parent", "")
        for post in self.kept:
            if (post.commentary, post.parent) == (body["commentary"], parent):
                raise _duplicate(post.urn)
        self._number += 1
        urn = f"urn:li:share:{self._number}"
        self.kept.append(Post(urn, body["commentary"], shown(body["commentary"]), images, parent))
        return Reply(201, b"", {"x-restli-id": urn, "x-linkedin-id": urn})

    def _place(self) -> Reply:
        self._number += 1
        urn = f"urn:li:image:C4E{self._number}"
        self.processing[urn] = self.slow
        return Reply.of(
            200, {"value": {"image": urn, "uploadUrl": f"{self.url}/dms-uploads/{urn}/0?ca=vector_feedshare&app=1"}}
        )

    def _take(self, request: Request) -> Reply:
        if request.method != "PUT" or self.consents.bearer(request) is None:
            raise ApiError(401, "Unauthorized")
        self.pictures[unquote(request.path).split("/")[2]] = request.body
        return Reply(201)

    def _picture(self, urn: str) -> Reply:
        if urn not in self.pictures:
            return Reply.of(200, {"id": urn, "status": "WAITING_UPLOAD"})
        self.processing[urn] -= 1
        return Reply.of(200, {"id": urn, "status": "PROCESSING" if self.processing[urn] >= 0 else "AVAILABLE"})

    def _page(self, urn: str) -> Reply:
        if urn not in PAGES:
            raise ApiError(404, "No organization found", "RESOURCE_NOT_FOUND")
        return Reply.of(200, PAGES[urn])

    def _numbers(self, request: Request) -> Reply:
        named = (request.query.get("shares") or request.query.get("ugcPosts") or "List()")[5:-1]
        if named not in [post.urn for post in self.kept]:
            return Reply.of(200, {"elements": []})
        numbers = {"likeCount": 3, "shareCount": 2, "commentCount": 1, "impressionCount": 90, "clickCount": 7}
        return Reply.of(200, {"elements": [{"totalShareStatistics": numbers, "share": named}]})


def shown(commentary: str) -> str:
    """What a reader sees: up to the first reserved character that stands there without a backslash."""
    out, at = "", 0
    while at < len(commentary):
        rest = commentary[at:]
        mention, hashtag, escaped = MENTION.match(rest), HASHTAG.match(rest), ESCAPED.match(rest)
        if mention:
            out += "@" + ESCAPED.sub(r"\1", mention[1])
        elif escaped:
            out += escaped[1]
        elif hashtag:
            out += hashtag[0]
        elif rest[0] in RESERVED:
            break
        else:
            out += rest[0]
        at += len((mention or escaped or hashtag or rest[:1])[0])
    return out


def _images(body: Json) -> list[Json]:
    content = body.get("content", {})
    return [content["media"]] if "media" in content else content.get("multiImage", {}).get("images", [])


def _told(post: Post) -> Json:
    """A post as the API gives it: hashtags come back as elements."""
    commentary = re.sub(r"(?<!\\)#(\w+)", r"{hashtag|\\#|\1}", post.commentary)
    made = int(post.made * 1000)
    told = {"id": post.urn, "author": PAGE, "commentary": commentary, "createdAt": made, "publishedAt": made}
    return told | {"lifecycleState": "PUBLISHED"}


def _duplicate(urn: str) -> ApiError:
    return ApiError(422, f"Content is a duplicate of {urn}", "DUPLICATE_POST")
