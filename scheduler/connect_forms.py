"""What people fill in to connect an account, to add one posted by hand, and to put an app's keys in."""

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.connecting import App, Field, Grant

PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class _Fields(forms.Form):
    """Fields only: the page owns the form element and its buttons."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(*self.fields)
        return helper

    def blame(self, field: str, message: str) -> None:
        """Shows a refusal next to its field, or above the form where it belongs to none."""
        self.add_error(field if field in self.fields else None, message)


class ConnectForm(_Fields):
    """The fields that a connector asks for. A secret that was typed is never shown again."""

    def __init__(self, asked: Iterable[Field], data: Mapping[str, Any] | None = None, **initial: str) -> None:
        super().__init__(data, initial=initial)
        for one in asked:
            self.fields[one.name] = _typed(one)


def _typed(one: Field, *, required: bool = True) -> forms.CharField:
    """The label and help of a connector are plain English; a catalogue may know them."""
    widget = forms.PasswordInput(attrs=PLAIN) if one.secret else forms.TextInput(attrs=PLAIN)
    return forms.CharField(
        label=_(one.label),
        help_text=_(one.help) if one.help else "",
        initial=one.initial,
        widget=widget,
        max_length=500,
        required=required,
    )


class ServerForm(_Fields):
    """The server that an account lives on."""

    server = forms.CharField(
        label=gettext_lazy("Server"),
        help_text=gettext_lazy("Where the account lives, for example mastodon.social, or the account's whole name."),
        max_length=300,
        widget=forms.TextInput(attrs={**PLAIN, "inputmode": "url"}),
    )


class ByHandForm(_Fields):
    """An account that a person posts on."""

    name = forms.CharField(
        label=gettext_lazy("Name of the account"),
        help_text=gettext_lazy("As you will look for it in lists here, for example Helpline on LinkedIn."),
        max_length=120,
    )


class ChooseForm(_Fields):
    """Which of the accounts that were granted become channels."""

    accounts = forms.MultipleChoiceField(
        label=gettext_lazy("Accounts"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose one account at least.")},
    )

    def __init__(self, grants: Iterable[Grant], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        choices = [(grant.account.remote_id, grant.account.name) for grant in grants]
        self.fields["accounts"].choices = choices  # type: ignore[attr-defined]  # fields are typed by their base


class AppKeyForm(_Fields):
    """An app's id and secret, and its `configuration` where this network's apps have one. None is ever shown again."""

    client_id = forms.CharField(label=gettext_lazy("Client id, or key"), max_length=500)
    client_secret = forms.CharField(
        label=gettext_lazy("Client secret"), max_length=500, widget=forms.PasswordInput(attrs=PLAIN)
    )

    def __init__(self, configuration: Field | None, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["client_id"].widget.attrs.update(PLAIN)
        if configuration:
            self.fields[configuration.name] = _typed(configuration, required=False)

    def app(self) -> App:
        """The app that was put in. Only for a valid form."""
        return App(**{name: value.strip() for name, value in self.cleaned_data.items()})
