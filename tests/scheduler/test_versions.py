"""Versions of APIs that end are warned of in time."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.core.checks import run_checks

from networks.base import ApiVersion, Network
from networks.registry import all_networks, get
from scheduler.checks import NOTICE, ending_versions

ENDS = date(2028, 7, 29)


@dataclass
class Some:
    """As much of a network as the check looks at."""

    name: str = "Some network"
    slug: str = "some"
    api_version: ApiVersion | None = None


def told(network: Some, today: date) -> list[str]:
    found = ending_versions([network], today)  # type: ignore[list-item]  # all that the check reads
    return [f"{one.id} {one.msg}" for one in found]


@pytest.mark.parametrize(("before", "warned"), [(91, False), (90, True), (0, True), (-10, True)])
def test_ninety_days_before_its_end_a_version_is_warned_of(before: int, warned: bool):
    network = Some(api_version=ApiVersion("v9", ENDS, "a page, read 2026-11-24"))
    found = told(network, ENDS - timedelta(days=before))
    assert found == (["scheduler.W001 Some network speaks version v9, which ends on 2028-07-29."] if warned else [])


def test_a_network_without_versions_is_never_warned_of():
    assert told(Some(), date(2100, 1, 1)) == []


def test_every_network_that_has_a_version_is_looked_at():
    far = date(2100, 1, 1)
    having = {network.slug for network in all_networks() if network.api_version}
    assert {one.obj for one in ending_versions(all_networks(), far)} == having >= {"facebook", "instagram", "linkedin"}


def test_a_version_names_where_its_end_is_written():
    version = get("facebook").api_version
    assert version is not None
    assert "read 2026-" in version.source.lower()


def test_the_check_runs_with_all_others_and_is_quiet_today():
    assert [one for one in run_checks(tags=["networks"]) if one.id == "scheduler.W001"] == []


def test_the_notice_is_ninety_days():
    assert (timedelta(days=90), Network.api_version) == (NOTICE, None)
