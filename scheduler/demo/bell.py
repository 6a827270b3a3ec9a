"""The bell: wakes the supervisor when a child ends or somebody asks the demo to stop."""

import os
import select
import signal
from types import FrameType, TracebackType

ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Bell:
    """Counts how often the demo was asked to stop, and waits without missing a signal. Main thread only."""

    def __init__(self, end_with_parent: bool = False) -> None:
        """`end_with_parent`: the end of the process that started this one counts as being asked to stop."""
        self.asked = 0
        self._parent = os.getppid() if end_with_parent else None
        self._reading, self._writing = os.pipe()

    def __enter__(self) -> "Bell":
        """Takes over the signals."""
        os.set_blocking(self._reading, False)
        os.set_blocking(self._writing, False)
        signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, self._ask) for number in ASKING}
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Gives the signals back. Who was asked to stop is at the end: asking once more must not look like a crash."""
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_IGN if self.asked and number in ASKING else handler)
        signal.set_wakeup_fd(-1)
        os.close(self._reading)
        os.close(self._writing)

    def wait(self, seconds: float) -> None:
        """Returns after `seconds`, or at once when a signal comes."""
        select.select([self._reading], [], [], seconds)
        try:
            while os.read(self._reading, 512):
                pass
        except BlockingIOError:
            pass
        if self._parent is not None and os.getppid() != self._parent:
            self._parent = None
            self.asked += 1

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1
