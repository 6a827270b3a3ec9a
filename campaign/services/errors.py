"""What the services of this room refuse, each with a sentence that a page can show."""

from campaign.models import Translation


class ConflictError(Exception):
    """Somebody saved in the meantime. `current` is the translation as it stands now."""

    def __init__(self, message: str, current: Translation) -> None:
        super().__init__(message)
        self.message = message
        self.current = current


class NotAllowedError(Exception):
    """This person may not do this, or not yet."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PictureError(ValueError):
    """A file that cannot be a post's picture."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
