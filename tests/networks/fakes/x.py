"""X: one account, a consent page, tokens that rotate, pictures, and posts that obey the OpenAPI description 2.167
(reduced in contracts/x.json). Lengths are counted by its own rules, not by ours. Texts come back as X gives them: links
shortened, `&` written as `&amp;`, an address added for pictures.
"""

import html
import re
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from networks.content import Json
from tests.networks.contract import Seen
from tests.networks.fakes.base import FakeServer, Reply, Request
from tests.networks.fakes.consent import Consents
from tests.networks.fakes.openapi import NoSuchCallError, OpenApiError, check_request
from tests.networks.fakes.telegram import read_fields

USER_ID, USERNAME = "2244994945", "chorus_test"
SCOPE = "tweet.read tweet.write users.read media.write offline.access"
LINK = re.compile(r"(?:https?://|\b)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:eu|org|com|net)\b(?:/[^\s]*)?", re.IGNORECASE)
EMOJI = re.compile("[\U0001f300-\U0001faff☀-➿]️?[\U0001f3fb-\U0001f3ff]?(?:‍[\U0001f300-\U0001faff☀-➿]️?)*")


@dataclass
class Post:
    """A post as it was sent."""

    id: str
    text: str
    parent: str
    media: list[str]
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class ProblemError(Exception):
    """An answer of the API that refuses."""

    def __init__(self, status: int, detail: str, kind: str = "about:blank", title: str = "") -> None:
        super().__init__(detail)
        named = title or {400: "Invalid Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}.get(status)
        self.reply = Reply.of(status, {"title": named, "type": kind, "status": status, "detail": detail})


class FakeX(FakeServer):
    """`old_names` takes `tweet.fields` and refuses `post.fields`."""

    def __init__(self) -> None:
        super().__init__()
        self.consents = Consents("X")
        self.kept: list[Post] = []
        self.pictures: dict[str, bytes] = {}
        self.alts: dict[str, str] = {}
        self.shared: list[str] = []
        self.old_names = False
        self.names_parents = True
        self._number = 1_900_000_000_000_000_000

    def credentials(self) -> dict[str, str]:
        """What an account that is connected already stores."""
        given = self.consents.give(SCOPE)
        return {
            "access_token": str(given["access_token"]),
            "refresh_token": str(given["refresh_token"]),
            "expires_at": str(int(time.time()) + 7200),
            "user_id": USER_ID,
            "username": USERNAME,
            "client_id": "chorus-client-id",
            "client_secret": "chorus-client-secret-5c1",
        }

    def posts(self) -> Sequence[Seen]:
        return [
            Seen(post.id, post.text, alts=tuple(self.alts.get(one, "") for one in post.media), parent=post.parent)
            for post in self.kept
        ]

    def irreversible(self, request: Request) -> bool:
        return (request.method, request.path) == ("POST", "/2/tweets")

    def definite(self, scenario: str, request: Request) -> Reply:
        token = request.headers["Authorization"]
        if scenario == "token_dead":
            self.consents.end()
            return ProblemError(401, f"Unauthorized: {token}").reply
        if scenario == "rate_limited":
            headers = {"x-rate-limit-limit": "100", "x-rate-limit-reset": str(int(time.time()) + 60)}
            return Reply.of(429, {"title": "Too Many Requests", "status": 429}, headers)
        problems = {
            "refused": ProblemError(400, "Your Post text is not allowed."),
            "duplicate": ProblemError(403, "You are not allowed to create a Tweet with duplicate content."),
            "suspended": ProblemError(403, "Your account is suspended and is not permitted to access this feature."),
            "not_permitted": ProblemError(403, "You are not permitted to perform this action."),
            "app_forbidden": ProblemError(403, "…", "https://api.twitter.com/2/problems/client-forbidden"),
            "scope_missing": ProblemError(403, "…", "https://api.twitter.com/2/problems/client-forbidden"),
            "no_credits": ProblemError(402, "Your enrolled account does not have any credits to fulfill this request."),
        }
        if scenario in problems:
            return problems[scenario].reply
        bodies = {"list_error": b"[1]", "null_errors": b'{"errors": null}'}
        return Reply(400, bodies[scenario]) if scenario in bodies else super().definite(scenario, request)

    def answer(self, request: Request) -> Reply:
        doors = {
            "/i/oauth2/authorize": self.consents.page,
            "/2/oauth2/token": self.consents.token,
            "/2/oauth2/revoke": self.consents.revoke,
        }
        if request.path in doors:
            return doors[request.path](request)
        try:
            return self._api(request)
        except ProblemError as error:
            return error.reply
        except NoSuchCallError:
            return ProblemError(404, "Not Found").reply
        except OpenApiError as error:
            return ProblemError(400, str(error)).reply

    def _api(self, request: Request) -> Reply:
        scopes = self.consents.bearer(request)
        if scopes is None:
            raise ProblemError(401, "Unauthorized")
        body = self._checked(request)
        _, _, last = request.path.rpartition("/")
        call = (request.method, re.sub(r"/\d{3,}", "/{id}", request.path))
        if call == ("POST", "/2/media/upload") and "media.write" not in scopes:
            raise ProblemError(403, "Forbidden")
        if call == ("GET", "/2/users/me"):
            return Reply.of(200, {"data": {"id": USER_ID, "name": "Chorus tests", "username": USERNAME}})
        if call == ("GET", "/2/users/{id}/tweets"):
            return self._timeline(request)
        if call == ("GET", "/2/tweets/{id}"):
            return Reply.of(200, {"data": self._told(self._post(last))})
        if call == ("DELETE", "/2/tweets/{id}"):
            self.kept.remove(self._post(last))
            return Reply.of(200, {"data": {"deleted": True}})
        return getattr(self, WRITES[call])(body)

    def _checked(self, request: Request) -> Json:
        """The body, after the contract file has read the request."""
        query = dict(request.query)
        if self.old_names and "tweet.fields" in query:
            query["post.fields"] = query.pop("tweet.fields")
        elif self.old_names and "post.fields" in query:
            raise ProblemError(400, "The query parameter [post.fields] is not one of [id,tweet.fields]")
        body: Json = None
        if request.path == "/2/media/upload":
            fields, files = read_fields(request)
            body = {**fields, "media": "…"} if "media" in files else fields
        elif request.body:
            body = request.json()
        check_request("x.json", request.method, request.path, query, body)
        return {**body, "media": read_fields(request)[1]["media"]} if request.path == "/2/media/upload" else body

    def _upload(self, body: Json) -> Reply:
        if len(body["media"]) > 5_000_000:
            raise ProblemError(400, "media: size exceeds the limit")
        number = self._new()
        self.pictures[number] = body["media"]
        return Reply.of(200, {"data": {"id": number, "expires_after_secs": 86400, "size": len(body["media"])}})

    def _describe(self, body: Json) -> Reply:
        if body["id"] not in self.pictures:
            raise ProblemError(404, "Could not find media")
        self.alts[body["id"]] = body["metadata"]["alt_text"]["text"]
        return Reply.of(200, {"data": {"id": body["id"]}})

    def _create(self, body: Json) -> Reply:
        text, media = body.get("text", ""), body.get("media", {}).get("media_ids", [])
        parent = body.get("reply", {}).get("in_reply_to_tweet_id", "")
        if not text and not media:
            raise ProblemError(400, "text or media is needed")
        if weight(text) > 280:
            raise ProblemError(403, "Your Tweet text is too long. For this type of Tweet the limit is 280.")
        if unknown := [one for one in media if one not in self.pictures]:
            raise ProblemError(400, f"Your media IDs are invalid: {unknown}")
        if parent and parent not in [post.id for post in self.kept]:
            raise ProblemError(403, "You attempted to reply to a Tweet that is deleted or not visible to you.")
        if any((post.text, post.parent) == (text, parent) for post in self.kept):
            raise ProblemError(403, "You are not allowed to create a Tweet with duplicate content.")
        made = Post(self._new(), text, parent, media)
        self.kept.append(made)
        return Reply.of(201, {"data": {"id": made.id, "text": self._told(made)["text"]}})

    def _repost(self, body: Json) -> Reply:
        self.shared.append(body["tweet_id"])
        return Reply.of(200, {"data": {"retweeted": True, "rest_id": body["tweet_id"]}})

    def _timeline(self, request: Request) -> Reply:
        since = datetime.fromisoformat(request.query["start_time"].replace("Z", "+00:00"))
        most = int(request.query["max_results"])
        found = [self._told(post) for post in reversed(self.kept) if post.at >= since]
        meta = {"result_count": min(len(found), most)} | ({"next_token": "more"} if len(found) > most else {})
        return Reply.of(200, {"data": found[:most], "meta": meta} if found else {"meta": meta})

    def _post(self, number: str) -> Post:
        found = next((post for post in self.kept if post.id == number), None)
        if found is None:
            raise ProblemError(404, "Could not find tweet", "https://api.twitter.com/2/problems/resource-not-found")
        return found

    def _told(self, post: Post) -> dict[str, Json]:
        """A post as the API gives it."""
        text, urls = html.escape(post.text, quote=False), []
        for number, link in enumerate(dict.fromkeys(LINK.findall(post.text))):
            whole = link if link.startswith("http") else f"http://{link}"
            short = f"https://t.co/{post.id[-6:]}{number}"
            text = text.replace(html.escape(link, quote=False), short)
            urls.append({"start": 0, "end": 1, "url": short, "expanded_url": whole})
        if post.media:
            short = f"https://t.co/{post.id[-6:]}p"
            text = f"{text} {short}"
            shown = f"https://x.com/{USERNAME}/status/{post.id}/photo/1"
            urls.append({"start": 0, "end": 1, "url": short, "expanded_url": shown, "media_key": "3_1"})
        numbers = ("repost_count", "reply_count", "like_count", "quote_count", "bookmark_count", "impression_count")
        told: dict[str, Json] = {
            "id": post.id,
            "text": text,
            "created_at": post.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "entities": {"urls": urls},
            "public_metrics": {name: place for place, name in enumerate(numbers, start=1)},
        }
        if post.parent:
            told["in_reply_to_user_id"] = USER_ID
            if self.names_parents:
                told["referenced_posts"] = [{"type": "replied_to", "id": post.parent}]
        return told

    def _new(self) -> str:
        self._number += 1
        return str(self._number)


WRITES = {
    ("POST", "/2/tweets"): "_create",
    ("POST", "/2/media/upload"): "_upload",
    ("POST", "/2/media/metadata"): "_describe",
    ("POST", "/2/users/{id}/retweets"): "_repost",
}


def weight(text: str) -> int:
    """The weighted length by the ranges of X's page «Counting characters», written down here a second time."""
    text = unicodedata.normalize("NFC", text)
    text, links = LINK.subn("", text)
    text, emoji = EMOJI.subn("", text)
    light = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
    rest = sum(1 if any(low <= ord(one) <= high for low, high in light) else 2 for one in text)
    return rest + 23 * links + 2 * emoji
