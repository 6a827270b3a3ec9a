"""The deck of faults: which, at which step or at any moment, in an order that the seed decides."""

import random
from dataclasses import dataclass

from scheduler import steps

STEPS = (
    steps.BEFORE_CLAIM, steps.AFTER_CLAIM, steps.DURING_PREPARE, steps.BEFORE_BEGIN_COMMIT, steps.AFTER_BEGIN,
    steps.AFTER_ACCEPTED, steps.AFTER_OUTCOME,
)  # fmt: skip
IN_FLIGHT = (steps.DURING_PREPARE, steps.BEFORE_BEGIN_COMMIT, steps.AFTER_BEGIN, steps.AFTER_ACCEPTED)
ANY = ""
"""At any moment, from outside."""


@dataclass(frozen=True)
class Fault:
    """One fault. `step` is empty for one that happens at any moment."""

    kind: str
    step: str = ANY

    @property
    def name(self) -> str:
        """For the table."""
        return f"{self.kind} at {self.step}" if self.step else f"{self.kind} at any moment"


EVERYWHERE = {
    "kill-child": 10, "kill-worker": 8, "stop-worker": 4, "term-worker": 5, "kill-rest": 5, "kill-beat": 3,
    "redis-kill": 5, "redis-away": 1, "clock": 4,
}  # fmt: skip
ON_POSTGRES = {"database-immediate": 3, "database-fast": 3, "cut": 4}
ON_SQLITE = {"disk-full": 5}
"""How often each kind comes among those at any moment."""


def deck(database: str, number: int, seed: int) -> list[Fault]:
    """`number` faults: every step with every kind that can be armed there first, filled up by those at any moment;
    where there are fewer than steps and kinds, a seeded choice."""
    dice = random.Random(seed)
    kinds = ["kill-child", "kill-worker", "stop-child", "term-worker"]
    at_steps = [Fault(kind, step) for kind in kinds for step in STEPS]
    at_steps += [Fault("redis-kill", step) for step in (steps.BEFORE_CLAIM, steps.AFTER_BEGIN)]
    if database == "postgresql":
        special = ("database-immediate", "database-fast", "cut")
        at_steps += [Fault(kind, step) for kind in special for step in IN_FLIGHT]
    else:
        at_steps += [Fault("disk-full", step) for step in IN_FLIGHT]
    weights = EVERYWHERE | (ON_POSTGRES if database == "postgresql" else ON_SQLITE)
    chosen = list(at_steps) * max(1, number // (2 * len(at_steps)))
    dice.shuffle(chosen)
    chosen = chosen[: max(number * 6 // 10, 1)]
    rest = dice.choices(list(weights), list(weights.values()), k=number - len(chosen))
    whole = chosen + [Fault(kind) for kind in rest]
    dice.shuffle(whole)
    return whole
