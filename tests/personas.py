"""The same few people in every test: the sample's roles, signed in, and somebody who is not."""

from dataclasses import dataclass

from django.test import Client

from accounts.models import Membership, Organisation, Role, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Persona:
    """`organisation` is a slug; empty for somebody without one."""

    email: str
    name: str
    organisation: str
    role: str


PERSONAS = {
    "officer": Persona("officer@vse.example", "Communications officer", "vse", Role.EDITOR),
    "admin": Persona("admin@vse.example", "Admin", "vse", Role.ADMIN),
    "editor_fr": Persona("editor@france-victimes.example", "Editor", "france-victimes", Role.EDITOR),
    "editor_pt": Persona("editor@apav.example", "Editor", "apav", Role.EDITOR),
    "editor_fi": Persona("editor@riku.example", "Editor", "riku", Role.EDITOR),
    "stranger": Persona("stranger@elsewhere.example", "Stranger", "", ""),
}
ORGANISATIONS = {
    "vse": ("Victim Support Europe", "BE", ["en"], "Europe/Brussels"),
    "france-victimes": ("France Victimes", "FR", ["fr"], "Europe/Paris"),
    "apav": ("APAV", "PT", ["pt"], "Europe/Lisbon"),
    "riku": ("Rikosuhripäivystys", "FI", ["fi"], "Europe/Helsinki"),
}


def organisation_of(slug: str) -> Organisation:
    """The persona's organisation; it is made if the sample has not been loaded."""
    name, country, languages, zone = ORGANISATIONS[slug]
    columns = {"name": name, "country": country, "languages": languages, "time_zone": zone}
    found, _ = Organisation.objects.get_or_create(slug=slug, defaults={**columns, "is_coordinator": slug == "vse"})
    return found


def user_of(persona: str) -> User:
    """The persona's user, made with the membership if the sample has not been loaded."""
    who = PERSONAS[persona]
    user = User.objects.filter(email=who.email).first() or User.objects.create_user(who.email, name=who.name)
    if who.organisation:
        own = organisation_of(who.organisation)
        Membership.objects.get_or_create(user=user, organisation=own, defaults={"role": who.role})
    return user


def client_of(persona: str) -> Client:
    """A browser in which the persona is signed in; «anonymous» is nobody."""
    client = Client()
    if persona != "anonymous":
        client.force_login(user_of(persona), backend=BACKEND)
    return client
