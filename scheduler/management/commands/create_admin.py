"""`manage.py create_admin`: the first admin of an installation; everybody else is made by people."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from accounts.models import Membership, Organisation, Role, User


class Command(BaseCommand):
    """Makes the coordinating organisation if it is not there, and an admin in it with a password shown once."""

    help = "Makes an admin of the coordinating organisation, and that organisation where there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and where."""
        parser.add_argument("email")
        parser.add_argument("--organisation", default="", help="its name, where none coordinates yet")
        parser.add_argument("--country", default="", help="two letters, such as BE")
        parser.add_argument("--time-zone", default="UTC", help="such as Europe/Brussels")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Prints the password; it is kept nowhere in plain."""
        email = options["email"].lower()
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} has an account already.")
        try:
            validate_email(email)
            with transaction.atomic():
                password = _create(email, _coordinator(options))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{email} can sign in with this password, shown only now: {password}")


def _coordinator(options: dict[str, Any]) -> Organisation:
    there = Organisation.objects.filter(is_coordinator=True).order_by("pk").first()
    if there:
        return there
    if not options["organisation"] or not options["country"]:
        raise CommandError("No organisation coordinates yet: give its name and country with --organisation, --country.")
    made = Organisation(
        slug=slugify(options["organisation"])[:50], name=options["organisation"], country=options["country"].upper(),
        languages=["en"], time_zone=options["time_zone"], is_coordinator=True,
    )  # fmt: skip
    made.full_clean()
    made.save()
    return made


def _create(email: str, organisation: Organisation) -> str:
    password = secrets.token_urlsafe(18)
    user = User.objects.create_user(email, password)
    Membership.objects.create(user=user, organisation=organisation, role=Role.ADMIN)
    return password
