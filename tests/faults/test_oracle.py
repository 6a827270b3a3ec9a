"""The oracle can fail: every forgery is found, and an honest story is not accused."""

from dataclasses import replace

import pytest

from scheduler.states import Outcome, State
from tests.faults.oracle import Evidence, Item, Line, Part, Post, Try, Verdict, judge

ACCEPTED = Post("7", "plain-1", "c1p1s1")
SENT = Try(1, sent=True, outcome=Outcome.PUBLISHED, remote_id="7")
OUT = Part("c1p1s1", 0, is_out=True, remote_id="7", tries=(SENT,))
LOG = (
    Line("item:claimed", State.SCHEDULED, State.PUBLISHING),
    Line("segment:published", State.PUBLISHING, State.PUBLISHING, position=0),
    Line("item:published", State.PUBLISHING, State.PUBLISHED),
)
HONEST = Item(1, "plain-1", State.PUBLISHED, (OUT,), LOG, fence=1, log_count=3)
UNSENT = replace(OUT, is_out=False, remote_id="", tries=(replace(SENT, outcome=Outcome.UNCLEAR, remote_id=""),))


def _judged(item: Item, *posts: Post, stuck: tuple[int, ...] = ()) -> Verdict:
    return judge(Evidence(posts, (item,), stuck=stuck))


def _ended(state: State, verb: str, part: Part = UNSENT) -> Item:
    log = (LOG[0], Line(verb, State.PUBLISHING, state))
    return replace(HONEST, state=state, parts=(part,), log=log, log_count=2)


def test_an_honest_story_is_not_accused() -> None:
    assert _judged(HONEST, ACCEPTED).faults == {name: [] for name in _judged(HONEST, ACCEPTED).faults}
    assert _judged(HONEST, ACCEPTED).holds


def test_a_double_acceptance_is_found() -> None:
    assert _judged(HONEST, ACCEPTED, replace(ACCEPTED, id="8")).faults["accepted_twice"]


def test_two_remote_ids_of_one_part_are_found() -> None:
    twice = replace(OUT, tries=(SENT, replace(SENT, fence=2, remote_id="8")))
    assert _judged(replace(HONEST, parts=(twice,), fence=2), ACCEPTED).faults["accepted_twice"]


def test_a_deliberate_repeat_is_no_double() -> None:
    second = replace(HONEST, id=2, parts=(replace(OUT, remote_id="8", tries=(replace(SENT, remote_id="8"),)),))
    assert judge(Evidence((ACCEPTED, replace(ACCEPTED, id="8")), (HONEST, second))).holds


@pytest.mark.parametrize("state", [State.SCHEDULED, State.PUBLISHING])
def test_a_lost_item_is_found(state: State) -> None:
    assert _judged(Item(1, "plain-1", state)).faults["lost"]


def test_an_item_held_by_a_pause_that_is_over_is_lost() -> None:
    assert _judged(Item(1, "plain-1", State.HELD, hold_reason="campaign_paused")).faults["lost"]
    assert not _judged(Item(1, "plain-1", State.HELD, hold_reason="new_revision")).faults["lost"]


def test_published_and_not_there_is_found() -> None:
    assert _judged(HONEST).faults["said_published_not_there"]


def test_published_without_a_part_is_found() -> None:
    assert _judged(replace(HONEST, parts=(OUT, replace(UNSENT, position=1))), ACCEPTED).faults[
        "said_published_not_there"
    ]


@pytest.mark.parametrize("state", [State.FAILED, State.SCHEDULED, State.HELD])
def test_there_and_denied_is_found(state: State) -> None:
    assert _judged(_ended(state, "item:failed"), ACCEPTED).faults["said_failed_but_there"]


def test_unclear_and_there_is_found_where_it_could_be_read_back() -> None:
    unclear = _ended(State.UNCERTAIN, "item:uncertain")
    assert _judged(unclear, ACCEPTED).faults["unclear_but_there"]
    assert _judged(replace(unclear, reads_back=False), ACCEPTED).holds
    assert _judged(unclear).holds, "what the network never got is left to people"


def test_a_stuck_item_is_found() -> None:
    assert _judged(HONEST, ACCEPTED, stuck=(1,)).faults["stuck"]


@pytest.mark.parametrize(
    "forged",
    [
        replace(HONEST, log_count=4),
        replace(HONEST, state=State.HELD),
        replace(HONEST, fence=2),
        replace(HONEST, log=(LOG[0], LOG[2]), log_count=2),
        replace(HONEST, log=(LOG[0], *LOG[1:], replace(LOG[2], state_from=State.UNCERTAIN)), log_count=4),
        replace(HONEST, parts=(replace(OUT, tries=(replace(SENT, fence=9),)),)),
    ],
)
def test_a_log_that_tells_another_story_is_found(forged: Item) -> None:
    assert _judged(forged, ACCEPTED).faults["disagreements"]


def test_a_broken_chain_is_found() -> None:
    assert not judge(Evidence((ACCEPTED,), (HONEST,), chain_faults=("Item 1: line 2 is missing.",))).holds


def test_every_fault_stands_in_the_numbers() -> None:
    numbers = _judged(HONEST).numbers()
    assert numbers["said_published_not_there"] == 1
    assert numbers["items"] == 1
