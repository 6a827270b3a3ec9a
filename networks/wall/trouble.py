"""«Rehearse trouble»: the panel by which a person tells the wall to do wrong with the next post."""

import html
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from networks import registry
from networks.wall.api import Wall, faults_of
from networks.wall.exchange import ProblemError, Reply, Request
from networks.wall.faults import Fault, Faults
from networks.wall.reading import read_network, refuse


@dataclass(frozen=True)
class Trouble:
    """One thing to choose: the kind of fault, what the wall does, and what is to be seen in Chorus then."""

    kind: str
    does: str
    means: str


TROUBLES = (
    Trouble("drop_after", "Accept it and cut the line", "It is out. Chorus has no answer, looks for it and finds it."),
    Trouble(
        "hide_after",
        "Accept it, cut the line, and hide it",
        "It is out and stands here, but Chorus is not shown it: a person says «it is there».",
    ),
    Trouble(
        "error_before",
        "Break down before accepting it",
        "It is not out, and Chorus cannot know that: a person says «send again», or leaves it.",
    ),
    Trouble("refuse", "Refuse it", "It has failed, and says why."),
    Trouble("limit", "Ask to wait a minute", "Chorus tries again after a minute, by itself."),
    Trouble("token", "Say that the account must be connected again", "It is held until somebody checks the channel."),
)
DOES = {trouble.kind: trouble.does for trouble in TROUBLES}


def order(wall: Wall, request: Request, _: str) -> Reply:
    """Takes the panel's form, and leads back to the page: another fault in the line, or none any more."""
    _require_own_page(request)
    faults, fields = faults_of(wall), dict(parse_qsl(request.body.decode("utf-8", "replace")))
    if fields.get("kind") == "none":
        faults.clear()
    elif fields.get("kind") in DOES:
        network = fields.get("network", "")
        faults.add(Fault(fields["kind"], network=read_network(network).slug if network else ""))
    else:
        raise refuse("Choose what is to go wrong.")
    return Reply(303, "text/plain; charset=utf-8", b"", {"Location": "/#trouble"})


def panel(wall: Wall) -> str:
    """The panel; empty where the wall was not started with faults."""
    if wall.faults is None:
        return ""
    waiting = _waiting(wall.faults)
    return (
        f'<details class="trouble" id="trouble"{" open" if waiting else ""}><summary>Rehearse trouble</summary>{waiting}'
        '<form method="post" action="/trouble"><fieldset><legend>With the next post, the wall is to</legend>'
        f"{''.join(_choice(trouble) for trouble in TROUBLES)}</fieldset>"
        '<p class="where"><label for="where">On</label> <select name="network" id="where"><option value="">any network'
        f'</option>{_networks()}</select></p><button type="submit">Let it go wrong</button></form></details>'
    )


def _choice(trouble: Trouble) -> str:
    first = " checked" if trouble is TROUBLES[0] else ""
    return (
        f'<label><input type="radio" name="kind" value="{trouble.kind}"{first}>'
        f"<span>{html.escape(trouble.does)}<small>{html.escape(trouble.means)}</small></span></label>"
    )


def _networks() -> str:
    return "".join(
        f'<option value="{slug}">{html.escape(registry.get(slug).name)}</option>' for slug in registry.NETWORKS
    )


def _waiting(faults: Faults) -> str:
    """What is in line, and the button that forgets it; empty where nothing is."""
    lines = [f"<li>{html.escape(_told(fault))}</li>" for fault in faults.as_list()]
    if not lines:
        return ""
    forget = '<button name="kind" value="none" type="submit">Forget this</button>'
    return f'<p>Waiting for a post:</p><ul>{"".join(lines)}</ul><form method="post" action="/trouble">{forget}</form>'


def _told(fault: dict[str, object]) -> str:
    """A fault of the line in words; one that a test put there is named by its kind."""
    kind, slug = str(fault["kind"]), str(fault["network"])
    where = f" on {registry.get(slug).name}" if slug else ""
    return f"{DOES.get(kind, kind)}{where}" + (f", {fault['times']} times" if fault["times"] != 1 else "")


def _require_own_page(request: Request) -> None:
    """No other site that a browser has open may send this form. Raises ProblemError."""
    origin = request.headers.get("origin", "")
    if origin and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise ProblemError(403, "This form was sent from another site.")
