"""Both languages are complete."""

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import gettext

from journeys.contact.forms import ConsentFilter
from journeys.rights.queries import copying


def test_no_translation_is_missing_or_uncertain() -> None:
    call_command("update_messages", "--check")


def test_english_never_falls_back_to_chinese() -> None:
    with translation.override("en"):
        assert gettext("Compliance officer") == "Compliance officer"
        assert gettext("A text that stands nowhere") == "A text that stands nowhere"
    with translation.override("zh-hans"):
        assert gettext("Compliance officer") == "合规专员"


@pytest.mark.parametrize(
    ("context", "english", "chinese"),
    [
        # A consent is agreed to; a reward is paid out.
        ("consent", "Granted", "已同意"),
        # Why a cell cannot be read; people have other reasons.
        ("bad cell", "Reason", "原因"),
        ("word of advertising", "Level", "严重程度"),
        ("contact", "Limits", "次数上限"),
    ],
)
def test_a_word_of_several_senses_has_the_one_that_fits(
    context: str, english: str, chinese: str
) -> None:
    with translation.override("zh-hans"):
        assert translation.pgettext(context, english) == chinese


def test_a_consent_that_holds_is_said_to_be_agreed_to() -> None:
    """In the list's filter and in the person's copy, not only in the catalogue."""
    with translation.override("zh-hans"):
        choices = dict(ConsentFilter().fields["statement"].choices)  # type: ignore[attr-defined]
        said = [str(choices["given"]), str(copying._HEADS["is_granted"])]
    assert said == ["已同意", "已同意"]
