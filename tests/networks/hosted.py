"""A host for pictures, as an installation with a public address is one."""

from dataclasses import replace

from networks.content import Picture
from networks.meta.pictures import framed
from tests.networks.fakes.base import FakeServer, Reply, Request


class PictureHost(FakeServer):
    """Serves each picture under its digest, in the frame that its address names. `gone`: it answers no more."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: dict[str, Picture] = {}
        self.gone = False

    def answer(self, request: Request) -> Reply:
        digest, width, height = request.path.strip("/").split("-")
        if self.gone or digest not in self.pictures:
            return Reply(404)
        data = framed(self.pictures[digest].read(), int(width), int(height))
        return Reply(200, data, {"Content-Type": "image/jpeg"})

    def host(self, picture: Picture) -> Picture:
        """The picture with a public address here."""
        self.pictures[picture.digest] = picture
        return replace(picture, public_url=lambda width, height: f"{self.url}/{picture.digest}-{width}-{height}")
