"""What can keep the demo from starting."""


class DemoError(Exception):
    """The demo cannot start; the message is one sentence for a person and says what to do."""
