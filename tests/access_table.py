"""Who gets what at each address: the table that tests/test_access.py walks. A new address needs a line here."""

from collections.abc import Mapping
from dataclasses import dataclass

IN, LOGIN, FORBIDDEN, MISSING, NO_METHOD = "in", "login", 403, 404, 405
Answers = Mapping[str, str | int]

ANYBODY: Answers = {
    "anonymous": LOGIN,
    "stranger": IN,
    "viewer_fr": IN,
    "editor_fr": IN,
    "editor_pt": IN,
    "officer": IN,
    "admin": IN,
}
"""What is not about any organisation; it shows each person their own."""
ADMINS: Answers = dict.fromkeys(ANYBODY, FORBIDDEN) | {"anonymous": LOGIN, "admin": IN}
"""What only admins see, each their own."""
MEMBERS: Answers = {
    "anonymous": LOGIN,
    "stranger": MISSING,
    "viewer_fr": IN,
    "editor_fr": IN,
    "editor_pt": MISSING,
    "officer": MISSING,
    "admin": MISSING,
}
"""Pages of France Victimes, for its members; the coordinator has its own places to read from."""
EDITORS: Answers = {**MEMBERS, "viewer_fr": FORBIDDEN}
ITEM_READERS: Answers = {**MEMBERS, "officer": IN, "admin": IN}
"""Who reads what happened to an item of France Victimes: its members, and whoever coordinates the campaign."""
SETTLERS: Answers = {**ITEM_READERS, "viewer_fr": FORBIDDEN, "officer": FORBIDDEN}
COORDINATORS: Answers = {**MEMBERS, "viewer_fr": MISSING, "editor_fr": MISSING, "officer": IN, "admin": IN}
"""Pages of the coordinator, where the campaign is written."""
KEEPERS: Answers = {**COORDINATORS, "officer": FORBIDDEN}
"""Pages of the coordinator that are its admins' alone."""

OPERATORS: Answers = {
    "anonymous": LOGIN,
    "stranger": MISSING,
    "viewer_fr": MISSING,
    "editor_fr": MISSING,
    "editor_pt": MISSING,
    "officer": MISSING,
    "admin": IN,
}
"""Pages of those who run the installation: the coordinator's admins."""
NOBODY_WITHOUT_CAUSE: Answers = {**OPERATORS, "admin": MISSING}
"""An item that was not restored waits for nobody's word."""


@dataclass(frozen=True)
class Rule:
    """`answers` by persona, for each of `methods`. `of` is the organisation in the address."""

    answers: Answers
    methods: tuple[str, ...] = ("get",)
    of: str = "france-victimes"


BOTH, POST = ("get", "post"), ("post",)

RULES: dict[str, Rule] = {
    "home": Rule(ANYBODY),
    "alarms": Rule(ANYBODY),
    "changes": Rule(ADMINS),
    "log": Rule(ANYBODY),
    "log_filter": Rule(ANYBODY),
    "log_export": Rule(ANYBODY),
    "organisation_home": Rule(MEMBERS),
    "queue": Rule(MEMBERS),
    "inbox": Rule(MEMBERS),
    "channel_list": Rule(MEMBERS),
    "campaign_detail": Rule(MEMBERS),
    "target_table": Rule(MEMBERS),
    "link_list": Rule(MEMBERS),
    "visual_file": Rule(MEMBERS),
    "translation_list": Rule(MEMBERS),
    "post_picture": Rule(MEMBERS),
    "item_picture": Rule(MEMBERS),
    "translation_edit": Rule(EDITORS, BOTH),
    "translation_preview": Rule(EDITORS, POST),
    "schedule_post": Rule(EDITORS, BOTH),
    "channel_connect": Rule(EDITORS),
    "channel_connect_network": Rule(EDITORS, BOTH),
    "channel_by_hand": Rule(EDITORS, POST),
    "channel_choose": Rule(EDITORS, BOTH),
    "channel_consented": Rule(ANYBODY),
    "app_keys": Rule(OPERATORS),
    "app_key_edit": Rule(OPERATORS, BOTH),
    "app_key_delete": Rule(OPERATORS, POST),
    "channel_check": Rule(EDITORS, POST),
    "channel_disconnect": Rule(EDITORS, POST),
    "item_draft": Rule(EDITORS, BOTH),
    "item_move": Rule(EDITORS, BOTH),
    "item_cancel": Rule(EDITORS, POST),
    "item_publish_now": Rule(EDITORS, POST),
    "item_still_right": Rule(EDITORS, POST),
    "item_posted": Rule(EDITORS, POST),
    "link_edit": Rule(COORDINATORS, BOTH, of="vse"),
    "post_edit": Rule(COORDINATORS, BOTH, of="vse"),
    "post_preview": Rule(COORDINATORS, POST, of="vse"),
    "budget_list": Rule(KEEPERS, BOTH, of="vse"),
    "item_story": Rule(ITEM_READERS),
    "log_picture": Rule(ITEM_READERS),
    "settle": Rule(SETTLERS, POST),
    "status": Rule(OPERATORS),
    "restored": Rule(OPERATORS),
    "restored_release": Rule(NOBODY_WITHOUT_CAUSE, POST),
    "restored_release_all": Rule(OPERATORS, POST),
}

OPEN = {"demo_sign_in", "public_picture", "readyz", "metrics"}
"""Answer to nobody in particular; each has tests of its own."""


def is_allauth(name: str) -> bool:
    """allauth's pages are about the one person who asks, and are tested where they come from."""
    return name.startswith(("account_", "mfa_"))
