"""Signing in without a password: in the demo, as one of the sample's logins, and nowhere else."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Organisation, User
from accounts.services.demo import demo_logins
from tests import factories
from tests.personas import user_of

pytestmark = pytest.mark.django_db
PAGE = "/demo/sign-in/"


@pytest.fixture
def demo(settings: Settings) -> Settings:
    settings.DEMO = True
    user_of("officer")
    return settings


def sign_in(client: Client, email: str) -> int:
    return client.post(PAGE, {"email": email}).status_code


def test_a_login_of_the_sample_gets_in_and_goes_home(demo, anonymous):
    answer = anonymous.post(PAGE, {"email": "officer@vse.example"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert anonymous.session["_auth_user_id"] == str(User.objects.get().pk)


def test_outside_a_demo_the_page_is_not_there(demo, anonymous):
    demo.DEMO = False
    assert sign_in(anonymous, "officer@vse.example") == 404


def test_somebody_with_a_password_cannot_be_chosen(demo, anonymous):
    user = factories.user(Organisation.objects.get(), email="somebody@vse.example")
    user.set_password("a long enough password")
    user.save()
    assert sign_in(anonymous, user.email) == 404


def test_an_address_that_could_be_a_person_s_cannot_be_chosen(demo, anonymous):
    factories.user(Organisation.objects.get(), email="somebody@vse.invalid")
    assert sign_in(anonymous, "somebody@vse.invalid") == 404


def test_an_unknown_address_cannot_be_chosen(demo, anonymous):
    assert sign_in(anonymous, "nobody@vse.example") == 404
    assert sign_in(anonymous, "") == 404


def test_reading_the_page_signs_nobody_in(demo, anonymous):
    assert anonymous.get(PAGE, {"email": "officer@vse.example"}).status_code == 405


def test_a_foreign_page_cannot_sign_anybody_in(demo):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "officer@vse.example") == 403


def test_the_logins_say_role_and_organisation(demo):
    (login,) = demo_logins()
    assert (login.label, login.organisation) == ("Communications officer", "Victim Support Europe")


def test_the_sign_in_page_offers_them_in_a_demo(demo, anonymous):
    assert "Communications officer" in anonymous.get("/account/login/").text


def test_the_sign_in_page_offers_nobody_outside_a_demo(demo, anonymous):
    demo.DEMO = False
    assert "Communications officer" not in anonymous.get("/account/login/").text
