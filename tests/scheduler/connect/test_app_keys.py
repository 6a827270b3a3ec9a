"""The operator's app keys: put in, never shown, and what members see without them."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from networks.connecting import App
from scheduler.models import AppKey, Channel, Transport
from scheduler.services import app_keys
from tests.scheduler.connect.conftest import begin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_network")]

SECRET = "a-secret-of-the-operator"


def put_in(admin: Client, **typed: str) -> HttpResponse:
    values = {"client_id": " the-id ", "client_secret": SECRET, **typed}
    return admin.post(reverse("app_key_edit", args=["facebook"]), values, follow=True)


def page_of(browser: Client) -> str:
    return browser.get(reverse("channel_connect_network", args=["vse", "facebook"])).text


def test_what_is_put_in_is_encrypted_and_used(admin: Client):
    put_in(admin)
    assert SECRET not in AppKey.objects.get().credentials
    assert app_keys.app_of("facebook") == App("the-id", SECRET)
    assert "client_id=the-id" in begin(admin, "facebook").context["address"]


def test_no_page_shows_a_key_again(admin: Client, officer: Client):
    put_in(admin)
    addresses = [reverse("app_keys"), reverse("app_key_edit", args=["facebook"])]
    shown = "".join(admin.get(address).text for address in addresses) + page_of(officer)
    assert SECRET not in shown
    assert "the-id" not in shown


def test_a_refused_form_does_not_show_the_secret_either(admin: Client):
    answer = put_in(admin, client_id="")
    assert answer.status_code == 422
    assert SECRET not in answer.text


def test_new_keys_take_the_place_of_old_ones(admin: Client):
    put_in(admin)
    put_in(admin, client_id="newer")
    assert [app_keys.app_of("facebook").client_id, AppKey.objects.count()] == ["newer", 1]


def test_deleted_keys_are_gone(admin: Client):
    put_in(admin)
    admin.post(reverse("app_key_delete", args=["facebook"]))
    assert app_keys.app_of("facebook") is None


def test_the_page_names_the_exact_redirect_address(admin: Client):
    assert "http://127.0.0.1:8000/channels/consented/" in admin.get(reverse("app_keys")).text


def test_only_networks_that_need_keys_are_listed(admin: Client):
    listed = [network.slug for network, _has in admin.get(reverse("app_keys")).context["rows"]]
    assert listed == ["x", "facebook", "instagram", "linkedin"]


def test_without_keys_the_same_place_offers_posting_by_hand_and_says_why(officer: Client):
    assert "has not put in app keys for Facebook yet" in page_of(officer)
    officer.post(reverse("channel_by_hand", args=["vse", "facebook"]), {"name": "Helpline on Facebook"})
    channel = Channel.objects.get()
    assert (channel.network, channel.transport) == ("facebook", Transport.BY_HAND)


def test_with_keys_it_offers_both(admin: Client, officer: Client):
    put_in(admin)
    assert "Or post by hand" in page_of(officer)
    assert "has not put in app keys" not in page_of(officer)


def test_without_keys_nobody_is_sent_to_a_consent_page(officer: Client):
    begin(officer, "facebook")
    assert not Channel.objects.filter(transport=Transport.API).exists()


def test_two_channels_by_hand_have_two_names(officer: Client):
    address = reverse("channel_by_hand", args=["vse", "facebook"])
    officer.post(address, {"name": "Helpline"})
    assert officer.post(address, {"name": "Helpline"}).status_code == 422
    assert officer.post(address, {"name": ""}).status_code == 422
    assert Channel.objects.count() == 1


def test_a_network_that_is_none_is_not_there(officer: Client, admin: Client):
    assert officer.get(reverse("channel_connect_network", args=["vse", "myspace"])).status_code == 404
    assert admin.get(reverse("app_key_edit", args=["myspace"])).status_code == 404


def test_only_an_operator_is_led_to_the_keys(admin: Client, officer: Client):
    address = reverse("channel_connect", args=["vse"])
    assert reverse("app_keys") in admin.get(address).text
    assert reverse("app_keys") not in officer.get(address).text


def test_a_configuration_is_asked_for_only_where_apps_have_one(admin: Client):
    assert "config_id" in admin.get(reverse("app_key_edit", args=["instagram"])).text
    for network in ("x", "linkedin"):
        assert "onfiguration" not in admin.get(reverse("app_key_edit", args=[network])).text


def test_the_configuration_is_kept_with_the_keys(admin: Client):
    values = {"client_id": "the-id", "client_secret": SECRET, "configuration": " 1234 "}
    admin.post(reverse("app_key_edit", args=["instagram"]), values)
    app = app_keys.app_of("instagram")
    assert app is not None
    assert app.configuration == "1234"
    assert "config_id=1234" in begin(admin, "instagram").context["address"]
