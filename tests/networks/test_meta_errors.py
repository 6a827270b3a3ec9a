"""What the Graph API's codes mean, by the call they came from."""

import pytest

from networks.errors import (
    DuplicateError,
    LaterError,
    NetworkError,
    ReconnectError,
    RefusedError,
    UnclearError,
)
from networks.http import WAIT_LIMIT
from networks.meta.errors import A_DAYS_LIMIT, SOON, USUAL_WAIT, Told, error_of, usage_wait

BUSY = (
    '{"1": [{"type": "pages", "estimated_time_to_regain_access": 5}, {"estimated_time_to_regain_access": 12}], "2": []}'
)


def error(
    code: int | None, subcode: int | None = None, *, irreversible: bool = True, transient: bool = False
) -> NetworkError:
    return error_of(Told(code, subcode, "Meta's words", transient), {}, 0.0, irreversible=irreversible)


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (190, 463, ReconnectError),
        (190, None, ReconnectError),
        (102, None, ReconnectError),
        (10, None, ReconnectError),
        (200, None, ReconnectError),
        (299, None, ReconnectError),
        (3, None, ReconnectError),
        (368, None, ReconnectError),
        (25, 2207050, ReconnectError),
        (100, 33, ReconnectError),
        (506, None, DuplicateError),
        (4, None, LaterError),
        (17, None, LaterError),
        (32, None, LaterError),
        (613, None, LaterError),
        (80001, None, LaterError),
        (9, 2207042, LaterError),
        (9007, 2207027, LaterError),
        (100, None, RefusedError),
        (100, 2207028, RefusedError),
        (36003, 2207009, RefusedError),
        (1, 1366046, RefusedError),
        (300, None, RefusedError),
    ],
)
@pytest.mark.parametrize("irreversible", [True, False])
def test_what_says_for_certain_that_nothing_was_posted(
    code: int, subcode: int | None, kind: type[NetworkError], irreversible: bool
) -> None:
    assert type(error(code, subcode, irreversible=irreversible)) is kind


@pytest.mark.parametrize(
    ("code", "subcode"), [(1, None), (2, None), (-1, 2207001), (-2, 2207003), (4, 2207051), (24, 2207006), (None, None)]
)
def test_what_proves_nothing_is_unclear_where_it_matters_and_later_elsewhere(
    code: int | None, subcode: int | None
) -> None:
    assert type(error(code, subcode)) is UnclearError
    assert type(error(code, subcode, irreversible=False)) is LaterError


def test_what_meta_calls_transient_is_unclear_too() -> None:
    assert type(error(99999, transient=True)) is UnclearError


def test_a_limit_holds_the_channel_and_unfinished_pictures_hold_the_item() -> None:
    limit, soon, day = error(32), error(9007, 2207027), error(9, 2207042)
    assert isinstance(limit, LaterError)
    assert isinstance(soon, LaterError)
    assert isinstance(day, LaterError)
    assert (limit.of, limit.wait) == ("channel", USUAL_WAIT)
    assert (soon.of, soon.wait) == ("item", SOON)
    assert (day.of, day.wait) == ("channel", A_DAYS_LIMIT)


def test_the_wait_is_the_longest_that_a_header_names() -> None:
    assert usage_wait({"X-Business-Use-Case-Usage": BUSY}, 0.0) == 12 * 60
    assert usage_wait({"Retry-After": "7", "X-Business-Use-Case-Usage": BUSY}, 0.0) == 7


@pytest.mark.parametrize("header", ["", "no json", "[]", '{"1": 5}', '{"1": [5]}', '{"1": [{"call_count": 100}]}'])
def test_a_header_that_says_nothing_means_the_usual_wait(header: str) -> None:
    assert usage_wait({"X-Business-Use-Case-Usage": header, "X-App-Usage": '{"call_count": 100}'}, 0.0) == USUAL_WAIT


def test_no_wait_is_believed_beyond_a_day() -> None:
    far = '{"1": [{"estimated_time_to_regain_access": 999999}]}'
    assert usage_wait({"X-Business-Use-Case-Usage": far}, 0.0) == WAIT_LIMIT


@pytest.mark.parametrize("code", [190, 10, 368, 4, 506, 1, 100])
def test_each_message_names_a_next_step_or_that_none_is_needed_and_the_code(code: int) -> None:
    told = error(code)
    assert "Meta's words" in told.message
    assert told.message.endswith(f"({code})")
    assert told.code == str(code)


def test_a_number_written_in_words_is_no_code() -> None:
    assert Told.of({"code": "190", "error_subcode": True}, "x") == Told(None, None, "x")
