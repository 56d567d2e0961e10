"""Nothing that a page of campaigns or of approvals offers lacks a test that executes it: each field
of each form, and each choice. Those of conditions and of the editor stand in tables of their own
(`conditions/test_forms.py`, `design/test_fields.py`, `design/test_touch_fields.py`)."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django import forms
from django.conf import settings

import campaigns
import portal.approvals
from campaigns.eligibility.forms import DecisionFilter, StartForm
from campaigns.flash.forms import SaleForm
from campaigns.texts.forms import LookForm, NewTextForm, WordsForm
from journeys.outreach import queries as outbox
from tests.executing import EXECUTED, Place, executes, sent
from tests.factories.campaigns import ON

ROOT = Path(settings.BASE_DIR)
OWN_TABLES = ("campaigns.conditions.", "campaigns.design.")
# What is looked at: packages, where their tests are, and their templates.
PACKAGES = (campaigns, portal.approvals)
TESTS = (ROOT / "tests" / "campaigns", ROOT / "tests" / "portal" / "approvals")
TEMPLATES = (ROOT / "templates" / "campaigns", ROOT / "templates" / "portal" / "approvals")
# Forms that ask for something when they are made. Choices that are data (campaigns, partners,
# tiers, branches) are none of the form's.
MADE: dict[type[forms.BaseForm], Callable[[], forms.BaseForm]] = {
    StartForm: lambda: StartForm(today=ON, is_span=True),
    DecisionFilter: lambda: DecisionFilter(steps=[]),
    SaleForm: lambda: SaleForm(tiers=()),
    WordsForm: lambda: WordsForm(senders=["bank"]),
    NewTextForm: lambda: NewTextForm(
        channels=outbox.text_channels(), with_headline=[], senders=["bank"]
    ),
    LookForm: lambda: LookForm(campaigns=[]),
}
DATA = {("WordsForm", "sender"), ("NewTextForm", "sender")}
# A use of a benefit, and the ledger's filter: made with rows, or with a list of them.
UNMADE = {"UseForm", "LedgerFilter"}


def modules() -> Iterator[str]:
    """The modules of these packages, but those with a table of their own."""
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name and not module.name.startswith(OWN_TABLES):
                yield module.name


def all_forms() -> list[type[forms.BaseForm]]:
    """Every form that one of these modules defines."""
    found: list[type[forms.BaseForm]] = []
    for name in modules():
        for one in vars(importlib.import_module(name)).values():
            is_form = isinstance(one, type) and issubclass(one, forms.BaseForm)
            if is_form and one.__module__ == name:
                found.append(one)
    return found


def offered() -> set[Place]:
    """Each field of these forms, and each choice of a field."""
    found: set[Place] = set()
    for cls in all_forms():
        fields = cls.base_fields if cls.__name__ in UNMADE else MADE.get(cls, cls)().fields
        for name, field in fields.items():
            found.add((cls, name, ""))
            if isinstance(field, forms.ChoiceField) and (cls.__name__, name) not in DATA:
                found |= {(cls, name, str(code)) for code, _label in field.choices if code}
    return found


def read_marks() -> None:
    """The tests that carry a mark, read so that the table is whole in a narrow run too."""
    for path in sorted(path for folder in TESTS for path in folder.glob("**/test_*.py")):
        if path != Path(__file__) and "\n@executes(" in path.read_text():
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def test_each_field_and_choice_of_each_form_is_executed_by_a_test() -> None:
    read_marks()
    names = tuple(f"{package.__name__}." for package in PACKAGES)
    known = {place for place in EXECUTED if place[0].__module__.startswith(names)}
    asked = offered()
    assert len(asked) > 100
    assert {cls.__module__.split(".")[0] for cls, _name, _choice in asked} == {
        "campaigns", "portal",
    }  # fmt: skip
    assert asked - known == set(), "lacks a test with @executes"
    gone = {place for place in known - asked if not place[2]}
    assert gone == set(), "no form offers this any more"


def test_a_mark_names_only_what_a_form_offers() -> None:
    read_marks()
    asked = offered()
    with_choices = {(cls, name) for cls, name, choice in asked if choice}
    named = {place for place in EXECUTED if place[2] and place[:2] in with_choices}
    assert named - asked == set()


# --- that the mark itself can fail ----------------------------------------------------------------
class Sample(forms.Form):
    word = forms.CharField()
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], required=False)


@pytest.mark.parametrize(("data", "holds"), [
    ({"word": "x", "kind": "a"}, True), ({"word": "x", "kind": "b"}, False),
    ({"word": "", "kind": "a"}, False), ({"word": "x", "kind": "c"}, False), (None, False),
])  # fmt: skip
def test_a_test_that_does_not_send_what_it_names_fails(
    data: dict[str, str] | None, holds: bool
) -> None:
    def one() -> None:
        Sample(data).is_valid()

    watched = executes(Sample, "word", kind=("a",))(one)
    for place in ((Sample, "word", ""), (Sample, "kind", ""), (Sample, "kind", "a")):
        assert EXECUTED.pop(place)
    if holds:
        watched()
        return
    with pytest.raises(AssertionError, match="one"):
        watched()


def test_a_form_that_is_only_shown_sends_nothing() -> None:
    with sent() as found:
        assert str(Sample(initial={"word": "x"}))
    assert found == set()


# --- what templates write by hand -------------------------------------------------------------
# Names in templates outside the editor's: what is hidden repeats what the page shows, and tests of
# the views send it.
BY_HAND = {
    ("planning/page.html", "version"): "submission/test_in_force.py",
    ("texts/editor.html", "code"): "texts/test_views.py",
    ("texts/editor.html", "channel"): "texts/test_views.py",
    ("texts/editor.html", "language"): "texts/test_views.py",
    ("texts/page.html", "code"): "texts/test_views.py",
    ("texts/page.html", "channel"): "texts/test_views.py",
    ("texts/page.html", "language"): "texts/test_views.py",
    ("texts/page.html", "subject"): "texts/test_views.py",
    ("texts/page.html", "body"): "texts/test_views.py",
}


def test_nothing_is_asked_in_a_template_beside_its_form() -> None:
    found = {
        (str(path.relative_to(folder)), name)
        for folder in TEMPLATES
        for path in folder.glob("**/*.html")
        if not path.is_relative_to(TEMPLATES[0] / "design")
        for name in re.findall(
            r'<(?:input|select|textarea|button)\b[^>]*\sname="([^"]+)"', path.read_text()
        )
    }
    assert found == set(BY_HAND)
    for (_path, name), by in BY_HAND.items():
        assert f'"{name}"' in (ROOT / "tests" / "campaigns" / by).read_text(), (name, by)
