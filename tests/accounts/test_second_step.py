"""The second step at sign-in: its pages, and how its secret is kept."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from pytest_django import Settings

from accounts.signin import EncryptingMfaAdapter
from tests.personas import user_of

pytestmark = pytest.mark.django_db


def test_the_secret_is_not_readable_in_the_database():
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user_of("officer"), secret)
    stored = Authenticator.objects.get().data["secret"]
    assert secret not in stored
    assert EncryptingMfaAdapter().decrypt(stored) == secret


def test_every_page_leads_to_one_s_account(officer: Client):
    assert "/account/password/change/" in officer.get("/log/").text


def test_the_account_s_pages_lead_to_each_other(officer: Client):
    text = officer.get("/account/two-steps/").text
    assert "/account/email/" in text
    assert "/account/password/change/" in text


@pytest.mark.parametrize("path", ["/account/password/reset/", "/account/email/"])
def test_a_demo_says_where_its_mails_lie_and_nobody_else_does(path: str, officer: Client, settings: Settings):
    settings.DEMO, settings.EMAIL_FILE_PATH = True, "/somewhere/mail"
    assert "/somewhere/mail" in officer.get(path).text
    settings.DEMO = False
    assert "/somewhere/mail" not in officer.get(path).text
