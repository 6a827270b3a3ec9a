"""Times on the two days a year on which the clocks change."""

from datetime import UTC, datetime

from scheduler.services.localtime import resolve


def test_a_plain_time_is_the_moment_it_says() -> None:
    resolved = resolve(datetime(2026, 11, 24, 10, 0), "Europe/Helsinki")  # noqa: DTZ001 - a wall time
    assert (resolved.moment, resolved.note) == (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), "")


def test_a_time_that_does_not_exist_is_moved_on_and_said() -> None:
    resolved = resolve(datetime(2027, 3, 28, 3, 30), "Europe/Helsinki")  # noqa: DTZ001 - a wall time
    assert resolved.moment == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert "03:30 does not exist in Helsinki" in resolved.note
    assert "taken as 04:30" in resolved.note


def test_a_time_that_exists_twice_is_the_first_one_and_said() -> None:
    resolved = resolve(datetime(2026, 10, 25, 2, 30), "Europe/Paris")  # noqa: DTZ001 - a wall time
    assert resolved.moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert "comes twice in Paris, 60 minutes apart" in resolved.note
