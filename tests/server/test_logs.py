"""Lines of the log: JSON on a server, with what they are about, and never with a secret. The bytes are looked at."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.actors import CHORUS
from config.logs import HIDDEN, Redaction, logging_config, redact
from scheduler import trace
from scheduler.models import PublishLogEntry, ScheduledItem
from scheduler.services import transition
from tests import factories

KEY = "a-key-that-nobody-may-read"


class Written(io.StringIO):
    """What was written, as lines of JSON."""

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


def handler(kind: str) -> tuple[logging.Handler, Written]:
    """A handler with the server's own formatter, writing where the test can see it."""
    configurator = logging.config.DictConfigurator(logging_config(kind, "INFO"))
    formatter = configurator.configure_formatter(configurator.config["formatters"][kind])
    stream = Written()
    made = logging.StreamHandler(stream)
    made.setFormatter(formatter)
    return made, stream


@pytest.fixture
def written() -> Iterator[Written]:
    """What Chorus logs as JSON during the test."""
    made, stream = handler("json")
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(made)
    root.setLevel("INFO")
    yield stream
    root.removeHandler(made)
    root.setLevel(before)


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    redact.hide([KEY])
    monkeypatch.setattr(redact, "_values", redact._values)
    return KEY


def test_a_line_says_when_how_grave_who_and_what(written: Written):
    logging.getLogger("chorus.test").warning("The %s is away", "database")
    (line,) = written.lines()
    assert (line["level"], line["logger"], line["message"]) == ("WARNING", "chorus.test", "The database is away")
    assert line["time"].endswith("+00:00")


def test_a_line_carries_what_the_thread_works_on(written: Written):
    with trace.bound(item=7, fence=2), trace.bound(attempt=9, network="mastodon"):
        logging.getLogger("chorus.test").info("Sent")
    logging.getLogger("chorus.test").info("Done")
    sent, done = written.lines()
    assert {name: sent[name] for name in ("item", "fence", "attempt", "network")} == {
        "item": 7, "fence": 2, "attempt": 9, "network": "mastodon",
    }  # fmt: skip
    assert "item" not in done


def test_a_field_that_nobody_knows_is_a_mistake():
    with pytest.raises(ValueError, match="colour"):
        trace.bind(colour="red")


@pytest.mark.parametrize("kind", ["plain", "json"])
@pytest.mark.parametrize(
    "said",
    [
        f"the key is {KEY}",
        "Authorization: Bearer abcdef0123456789",
        "postgres://chorus:hunter22hunter@db:5432/chorus failed",
        'refused: {"access_token": "EAAGm0PX4ZCps"}',
        "password=correct-horse&next=/",
        "client_secret: 'xyz-123456'",
        "redis://:hunter22hunter@redis:6379/0",
    ],
)
def test_no_secret_reaches_the_bytes(kind: str, said: str, secret: str):
    made, stream = handler(kind)
    made.emit(logging.LogRecord("chorus.test", logging.ERROR, "f.py", 1, "%s", (said,), None))
    for value in (secret, "abcdef0123456789", "hunter22hunter", "EAAGm0PX4ZCps", "correct-horse", "xyz-123456"):
        assert value not in stream.getvalue()
    assert HIDDEN in stream.getvalue()


@pytest.mark.parametrize(
    "word",
    ["bearer ", "basic ", "token=", "password=", "passwd=", "secret=", "api-key=", "apikey=", "encryption_keys="],
)
def test_a_word_before_a_secret_is_known_however_it_is_written(word: str):
    for written in (word, word.upper(), word.replace("s", "\N{LATIN SMALL LETTER LONG S}")):
        assert redact(f"{written}hunter22hunter") == f"{written}{HIDDEN}"


def test_a_hidden_line_of_json_is_still_json(secret: str):
    made, stream = handler("json")
    said = f'{{"token": "abc"}} {KEY} postgres://u:p4ssw0rd!@h/d'
    made.emit(logging.LogRecord("chorus.test", logging.ERROR, "f.py", 1, "%s", (said,), None))
    assert stream.lines()[0]["message"].count(HIDDEN) == 3


def test_a_traceback_passes_through_the_redaction_too(written: Written, secret: str):
    try:
        int(secret)
    except ValueError:
        logging.getLogger("chorus.test").exception("Broken")
    assert secret not in written.getvalue()
    assert "ValueError" in written.lines()[0]["exc_info"]


def test_a_short_value_is_not_searched_for():
    redaction = Redaction()
    redaction.hide(["ab", None, ""])
    assert redaction("abracadabra") == "abracadabra"


def test_what_is_no_secret_stays():
    said = "Item 7 answered 200 at https://social.example/@vse/1 in 0.3 s"
    assert redact(said) == said


def test_each_request_gets_an_id(admin: Client):
    assert len(admin.get("/")["X-Request-ID"]) == 32


def test_the_proxy_s_id_is_kept_and_a_strange_one_is_not(admin: Client):
    assert admin.get("/", headers={"X-Request-ID": "abcdef-012345"})["X-Request-ID"] == "abcdef-012345"
    assert admin.get("/", headers={"X-Request-ID": "a b\n<script>"})["X-Request-ID"] != "a b\n<script>"


def test_a_click_can_be_followed_into_the_publish_log_and_the_server_s(
    admin: Client, written: Written, django_capture_on_commit_callbacks
):
    world = factories.make_world()
    item = factories.item(world.post, world.channel)
    user = factories.user(world.organisation)
    admin.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    with django_capture_on_commit_callbacks(execute=True):
        address = f"/o/{world.organisation.slug}/items/{item.pk}/cancel/"
        admin.post(address, {"version": item.version}, headers={"X-Request-ID": "click-0001"})
    entry = PublishLogEntry.objects.get(item=item, verb="item:cancelled")
    assert entry.facts["request"] == "click-0001"
    lines = written.lines()
    told = next(line for line in lines if line["logger"] == "chorus.item")
    assert (told["item"], told["message"], told["channel"]) == (item.pk, "item:cancelled", world.channel.pk)
    asked = next(line for line in lines if line["logger"] == "chorus.request")
    assert (asked["request"], asked["method"], asked["path"]) == ("click-0001", "POST", address)


def test_what_was_not_committed_is_not_told(db: None, written: Written, django_capture_on_commit_callbacks):
    world = factories.make_world()
    item = factories.item(world.post, world.channel)
    # The transaction never comes to its end.
    with django_capture_on_commit_callbacks(), transition.locked(item.pk) as locked:
        transition.note(locked, "item:looked", actor=CHORUS)
    assert [line for line in written.lines() if line["logger"] == "chorus.item"] == []
    assert ScheduledItem.objects.get().log_count == 1
