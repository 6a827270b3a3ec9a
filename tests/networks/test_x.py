"""X's rules."""

from networks.x import X
from tests.networks.contract import NetworkContract
from tests.networks.samples import picture


class TestX(NetworkContract):
    network = X()


def test_a_thread_keeps_to_280_as_x_counts() -> None:
    text = "Every victim of crime in Europe has the right to be heard — call 116 006 €. " * 12
    parts = X().split(text)
    assert len(parts) == 4
    assert max(X().measure(part) for part in parts) <= 280


def test_a_gif_does_not_go_with_pictures() -> None:
    (finding,) = X().check(TestX().segment("Help.", pictures=(picture(content_type="image/gif"),)))
    assert finding.message == "Picture 1 is GIF; X takes JPEG, PNG, WEBP."
