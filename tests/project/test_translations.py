"""Both languages are complete."""

from django.core.management import call_command
from django.utils import translation
from django.utils.translation import gettext


def test_no_translation_is_missing_or_uncertain() -> None:
    call_command("update_messages", "--check")


def test_english_never_falls_back_to_chinese() -> None:
    with translation.override("en"):
        assert gettext("Compliance officer") == "Compliance officer"
        assert gettext("A text that stands nowhere") == "A text that stands nowhere"
    with translation.override("zh-hans"):
        assert gettext("Compliance officer") == "合规专员"
