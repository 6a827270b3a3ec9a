"""What every adapter must keep to when a question or an upload goes wrong: part of the contract in contract.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from networks.content import Segment
from networks.errors import LaterError, NetworkError, RefusedError, UnclearError
from networks.transport import Exchange
from tests.networks import samples

if TYPE_CHECKING:
    from tests.networks.contract import Send

INSIDE = "error_inside"
"""Status 200, and an error in its body: whatever it means, it is no post."""

TROUBLE: tuple[str, ...] = (
    "server_error_before",
    "html",
    "redirect",
    "hang_after_accept",
    "drop_after_accept",
    "half_answer",
    "huge_answer",
)
"""What can befall a question or an upload too."""


@contextmanager
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In this block no exchange waits longer than half a second for a server that says nothing."""
    begin = Exchange.__init__

    def hurry(exchange: Exchange[Any], work: Callable[[], Any], *, timeout: float, **rest: Any) -> None:  # noqa: ANN401
        begin(exchange, work, timeout=min(timeout, 0.5), **rest)

    with monkeypatch.context() as patched:
        patched.setattr(Exchange, "__init__", hurry)
        yield


class TroubleContract:
    """Inherited by AdapterContract, whose fixtures it uses."""

    pictures: ClassVar[bool] = True
    uploads: ClassVar[bool] = True
    """Whether pictures are uploaded before the post is made."""
    armed_by_method: ClassVar[bool] = True
    """Whether the server is a FakeServer, whose `irreversible` says which request an armed scenario concerns."""

    def play(self, send: "Send", segment: Segment, scenario: str) -> NetworkError:
        """The error that `publish` raises when the server plays `scenario`."""
        raise NotImplementedError

    def test_a_200_with_an_error_inside_is_no_post(self, send: "Send", segment: Segment) -> None:
        assert isinstance(self.play(send, segment, INSIDE), RefusedError | UnclearError)
        assert list(send.server.posts()) == []

    @pytest.mark.parametrize("scenario", TROUBLE)
    def test_trouble_while_looking_is_never_taken_for_not_there(
        self, send: "Send", segment: Segment, scenario: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if not self.armed_by_method or not send.adapter().reads_back:
            pytest.skip("this network cannot be read back, or its server plays no trouble there")
        send(segment)
        monkeypatch.setattr(send.server, "irreversible", lambda request: request.method == "GET")
        send.server.next_answer(scenario)
        with hurried(monkeypatch), pytest.raises(LaterError):
            send.find(segment)

    @pytest.mark.parametrize("scenario", TROUBLE)
    def test_trouble_while_uploading_posts_nothing_and_is_never_unclear(
        self, send: "Send", segment: Segment, scenario: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if not self.armed_by_method or not self.uploads or not self.pictures:
            pytest.skip("this adapter uploads nothing beforehand, or its server plays no trouble there")
        pictured = replace(segment, pictures=(samples.picture("A hand"),))
        monkeypatch.setattr(send.server, "irreversible", lambda request: request.method in ("POST", "PUT"))
        send.server.next_answer(scenario)
        with hurried(monkeypatch), pytest.raises(LaterError):
            send.prepare(pictured)
        assert list(send.server.posts()) == []
        send.publish(pictured, send.prepare(pictured))
        assert len(send.server.posts()) == 1
