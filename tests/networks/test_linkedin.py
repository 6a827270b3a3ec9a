"""LinkedIn's rules."""

from networks.linkedin import LinkedIn
from tests.networks.contract import NetworkContract


class TestLinkedIn(NetworkContract):
    network = LinkedIn()


def test_backslashes_count_too() -> None:
    (finding,) = LinkedIn().check(TestLinkedIn().segment("(" * 1501))
    assert (finding.severity, finding.code) == ("error", "text-too-long")
    assert "3,002" in finding.message


def test_1500_brackets_travel() -> None:
    assert LinkedIn().check(TestLinkedIn().segment("(" * 1500)) == []
