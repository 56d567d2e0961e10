"""Texts are found, merged and checked without the gettext tools."""

import gettext
from pathlib import Path
from typing import Any

import polib
import pytest
from django.core.management import CommandError, call_command

from portal.management.commands import _catalogues as catalogues
from portal.management.commands._catalogues import Text

PYTHON = """
_("Plain")
gettext_lazy("Glued " "together")
translation.pgettext("verb", "Open")
ngettext("%(n)s card", "%(n)s cards", n)
_(name)
_(f"Not {readable}")
"""
TEMPLATE = """{% load i18n %}
{% translate "In a tag" as x %}{{ _("In a variable") }}{% translate "It's here" %}
{% translate "Open" context "verb" %}
{% blocktranslate trimmed with name=user.name %}
  Hello,
  {{ name }}
{% endblocktranslate %}
{% comment %}{% translate "Not this" %}{% endcomment %}
"""


@pytest.fixture
def house(tmp_path: Path, settings: Any) -> Path:
    """A small tree of sources with one translators' file."""
    (tmp_path / "portal").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "locale" / "parts").mkdir(parents=True)
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    return tmp_path


def _write(house: Path, texts: dict[str, str], name: str = "a") -> None:
    parts = polib.POFile()
    parts.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for english, chinese in texts.items():
        parts.append(polib.POEntry(msgid=english, msgstr=chinese))
    parts.save(str(house / "locale" / "parts" / f"{name}.po"))


def test_all_texts_are_found(house: Path) -> None:
    (house / "portal" / "a.py").write_text(PYTHON)
    (house / "templates" / "a.html").write_text(TEMPLATE)
    found = catalogues.texts_of_sources(house)
    assert set(found.places) == {
        Text("Plain"),
        Text("Glued together"),
        Text("Open", "verb"),
        Text("%(n)s card", "", "%(n)s cards"),
        Text("In a tag"),
        Text("In a variable"),
        Text("It's here"),
        Text("Hello, %(name)s"),
    }
    assert found.unreadable == ["portal/a.py:7: the text of _() is not written out"]


def test_merge_compile_and_drop(house: Path) -> None:
    source = house / "portal" / "a.py"
    source.write_text('_("Branch")\n_("Old")')
    _write(house, {"Branch": "网点", "Old": "旧"})
    call_command("update_messages", verbosity=0)
    call_command("update_messages", "--check")
    # What a part no longer says stays in the catalogue; what no source says goes.
    (house / "locale" / "parts" / "a.po").unlink()
    source.write_text('_("Branch")')
    call_command("update_messages")
    folder = house / "locale" / "zh_Hans" / "LC_MESSAGES"
    kept = {entry.msgid: entry.msgstr for entry in polib.pofile(str(folder / "django.po"))}
    assert kept == {"Branch": "网点"}
    with open(folder / "django.mo", "rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Branch") == "网点"
    with open(house / "locale" / "en" / "LC_MESSAGES" / "django.mo", "rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Branch") == "Branch"


@pytest.mark.parametrize(
    ("text", "translation", "fault"),
    [
        ("Branch", "", "missing: 'Branch' (portal/a.py)"),
        ("Hello, %(name)s", "您好", "placeholder lost: 'Hello, %(name)s' -> '您好'"),
        ("{n} rows", "{m} 行", "placeholder unknown to the text: '{n} rows' -> '{m} 行'"),
    ],
)
def test_faults_are_told(
    house: Path, capsys: pytest.CaptureFixture[str], text: str, translation: str, fault: str
) -> None:
    (house / "portal" / "a.py").write_text(f"_({text!r})")
    _write(house, {text: translation})
    call_command("update_messages")
    assert capsys.readouterr().out.splitlines() == [fault, "1 texts, 1 faults"]
    with pytest.raises(CommandError):
        call_command("update_messages", "--check")


@pytest.mark.parametrize("spoil", ["stale", "fuzzy", "uncompiled"])
def test_check_finds_what_is_out_of_step(house: Path, spoil: str) -> None:
    source = house / "portal" / "a.py"
    source.write_text('_("Branch")\n_("Old")')
    _write(house, {"Branch": "网点", "Old": "旧"})
    call_command("update_messages")
    if spoil == "stale":
        source.write_text('_("Branch")')
    elif spoil == "fuzzy":
        path = house / "locale" / "parts" / "a.po"
        path.write_text(path.read_text().replace('msgid "Old"', '#, fuzzy\nmsgid "Old"'))
    else:
        (house / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo").write_bytes(b"")
    with pytest.raises(CommandError):
        call_command("update_messages", "--check")


def test_two_translations_of_one_text_are_told(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (house / "portal" / "a.py").write_text('_("Branch")')
    _write(house, {"Branch": "网点"}, "a")
    _write(house, {"Branch": "支行"}, "b")
    call_command("update_messages")
    assert capsys.readouterr().err.splitlines() == [
        "two translations: b.po: 'Branch' is '网点' elsewhere, '支行' here"
    ]
