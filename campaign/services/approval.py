"""Who may approve which words: somebody else than their writer, where there is somebody else."""

from dataclasses import dataclass
from typing import Literal

from accounts.models import Membership, Organisation, User
from accounts.permissions import Action, actions_of, can
from campaign.models import Translation

Rule = Literal["not-your-role", "alone", "own-words", "anothers-words", "nobodys-words"]


@dataclass(frozen=True)
class Approval:
    """Whether a person may approve the saved words, and the rule that says so. `others` are the rest of those who
    may approve in this organisation, by name; a change to the words makes them the person's own."""

    rule: Rule
    others: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether a click on the button would go through, as far as this rule goes."""
        return self.rule in ("alone", "anothers-words")


def approval_by(user: User, organisation: Organisation, translation: Translation | None) -> Approval:
    """What the rule says to this person about these words; None: nobody has begun."""
    others = others_who_approve(organisation, user)
    names = tuple(str(other) for other in others)
    return Approval(_rule(user, organisation, translation, bool(others)), names)


def _rule(user: User, organisation: Organisation, translation: Translation | None, others: bool) -> Rule:
    if not can(user, Action.APPROVE, organisation):
        return "not-your-role"
    if not others:
        return "alone"
    if translation is None:
        return "nobodys-words"
    return "own-words" if translation.words.author_id == user.pk else "anothers-words"


def others_who_approve(organisation: Organisation, user: User) -> list[User]:
    """The others who may approve texts of this organisation."""
    members = Membership.objects.filter(organisation=organisation, user__is_active=True)
    members = members.select_related("organisation", "user").order_by("pk")
    return [m.user for m in members if Action.APPROVE in actions_of(m) and m.user_id != user.pk]
