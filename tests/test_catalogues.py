"""The catalogues of locale/: they compile, keep every placeholder, and a person's browser gets its language."""

import re
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.db.models import TextChoices
from django.test import Client
from django.utils.formats import date_format
from django.utils.translation import override

from campaign.models import TranslationState
from scheduler.models import Health
from scheduler.states import State
from scheduler.templatetags.chorus import state_badge
from tests.personas import organisation_of
from tools.catalogues import LOCALE, catalogues, compile_all, compile_one

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
SOURCES = catalogues(LOCALE)


def read(source: Path) -> Catalog:
    """A catalogue, refused where a line of it is broken."""
    with source.open("rb") as file:
        return read_po(file, locale=source.parent.parent.name, abort_invalid=True)


def both(texts: str | tuple[str, ...] | list[str]) -> list[str]:
    """The one form, or singular and plural."""
    return [texts] if isinstance(texts, str) else list(texts)


def is_missing(message: Message) -> bool:
    """Whether a page would show the message in English: a form of it has no translation, or only a guess."""
    return message.fuzzy or not all(both(message.string))


def left_in_english(source: Path) -> list[str]:
    """What a catalogue does not say, each with the way to say it."""
    return [
        f"{source.parent.parent.name}: “{both(message.id)[0]}” ({message.locations[0][0]}) has no translation: write its "
        f"msgstr in {source.relative_to(LOCALE.parent)} (after `make messages`), and take “fuzzy” away"
        for message in read(source)
        if message.id and is_missing(message)
    ]


def is_broken(message: Message) -> bool:
    """Whether a translated form lacks a placeholder of its original, or has one of its own."""
    wanted = set(PLACEHOLDER.findall(both(message.id)[-1]))
    return any(set(PLACEHOLDER.findall(form)) != wanted for form in both(message.string) if form)


def test_each_language_that_pages_are_offered_in_has_a_catalogue():
    assert {code for code, _ in settings.LANGUAGES} - {"en"} == {source.parent.parent.name for source in SOURCES}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.parent.parent.name)
def test_a_catalogue_compiles_and_guesses_nothing(source: Path, tmp_path: Path):
    copy = tmp_path / source.parent.parent.name / "LC_MESSAGES" / source.name
    copy.parent.mkdir(parents=True)
    copy.write_bytes(source.read_bytes())
    assert compile_one(copy).stat().st_size > 1000
    assert [message.id for message in read(source) if message.fuzzy and message.id] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.parent.parent.name)
def test_no_placeholder_is_broken(source: Path):
    assert [message.id for message in read(source) if message.id and is_broken(message)] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.parent.parent.name)
def test_everything_is_said_in_each_language(source: Path):
    assert left_in_english(source) == []


@pytest.mark.parametrize(
    "message",
    [
        Message("Save"),
        Message("Save", "Enregistrer", flags=["fuzzy"]),
        Message(("%(n)s post", "%(n)s posts"), ("%(n)s publication", "")),
    ],
    ids=["no words", "a guess", "one form of two"],
)
def test_an_untranslated_string_would_be_found(message: Message):
    assert is_missing(message)


def test_a_broken_placeholder_would_be_found():
    assert is_broken(Message("Post %(number)s", "Publication %(numero)s"))


def test_a_catalogue_is_compiled_only_when_it_has_changed(tmp_path: Path):
    folder = tmp_path / "fi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Save"\nmsgstr "Tallenna"\n', encoding="utf-8")
    assert compile_all(tmp_path) == [folder / "django.mo"]
    assert compile_all(tmp_path) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.parent.parent.name)
@pytest.mark.parametrize("words", [State, Health, TranslationState], ids=lambda words: words.__name__)
def test_the_word_for_each_state_is_translated(source: Path, words: type[TextChoices]):
    catalogue = read(source)
    assert [choice.label for choice in words if not getattr(catalogue.get(str(choice.label)), "string", "")] == []


@pytest.mark.usefixtures("compiled_catalogues")
def test_a_state_s_word_is_in_the_page_s_language():
    with override("fi"):
        assert "ajastettu" in state_badge("scheduled")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Thursday, 26 November 2026"),
        ("fi", "torstai 26. marraskuuta 2026"),
        ("fr", "jeudi 26 novembre 2026"),
        ("pt", "quinta-feira, 26 de novembro de 2026"),
    ],
)
def test_a_day_is_written_as_its_language_writes_it(language: str, said: str):
    with override(language):
        assert date_format(date(2026, 11, 26), "WHOLE_DAY").casefold() == said.casefold()


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES if code != "en"])
def test_each_language_writes_every_day_that_pages_ask_for(language: str):
    wanted, there = (vars(import_module(f"config.formats.{code}.formats")) for code in ("en", language))
    assert {name for name in wanted if name.isupper()} == {name for name in there if name.isupper()}


@pytest.mark.usefixtures("compiled_catalogues")
def test_a_french_browser_gets_french_navigation(editor_fr: Client):
    page = editor_fr.get("/o/france-victimes/queue/", headers={"Accept-Language": "fr-BE,fr;q=0.9,en;q=0.5"})
    text = page.content.decode()
    assert '<html lang="fr" dir="ltr"' in text
    assert all(words in text for words in ("Accueil", "File d’attente", "Journal de publication", "Se déconnecter"))


@pytest.mark.usefixtures("compiled_catalogues")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "Kirjaudu sisään"), ("pt-BR", "Iniciar sessão"), ("fr", "Se connecter"), ("en", "Sign in")],
)
def test_the_sign_in_page_speaks_the_browsers_language(language: str, words: str):
    organisation_of("riku")
    page = Client().get("/account/login/", headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language[:2]}"' in page
    assert words in page


@pytest.mark.usefixtures("compiled_catalogues")
@pytest.mark.django_db
def test_a_language_without_a_catalogue_gets_english():
    page = Client().get("/account/login/", headers={"Accept-Language": "mt"}).content.decode()
    assert '<html lang="en"' in page
