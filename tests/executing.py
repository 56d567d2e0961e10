"""Which test executes which field of a form. The mark stands on the test, and is looked at while it
runs: the test fails where a field that it names is not sent, or not accepted, by a form of a page.

`@executes(SaleForm, "units", tier=("gift",), state="shown")` says that the test fills in `units`,
chooses `gift` for `tier`, and for `state` what its parameter `shown` holds.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django import forms

Test = Callable[..., None]
Place = tuple[type[forms.BaseForm], str, str]  # a form, a field, and what is chosen; "" the field

# The tests by what they execute, filled as their modules are read.
EXECUTED: dict[Place, set[str]] = {}


def executes(
    form: type[forms.BaseForm], *fields: str, **choices: str | tuple[str, ...]
) -> Callable[[Test], Test]:
    """This will say of a test which fields of a form it executes, and which choices of them."""

    def around(test: Test) -> Test:
        said = f"{test.__module__}.{test.__name__}"
        for place in _places(form, fields, choices, test):
            EXECUTED.setdefault(place, set()).add(said)

        @functools.wraps(test)
        def watched(*args: Any, **given: Any) -> None:
            with sent() as found:
                test(*args, **given)
            asked = {(form, name, "") for name in fields}
            for name, of in choices.items():
                chosen = (str(given[of]),) if isinstance(of, str) else of
                asked |= {(form, name, one) for one in chosen}
            assert asked <= found, (said, asked - found)

        return watched

    return around


def _places(
    form: type[forms.BaseForm], fields: tuple[str, ...], choices: dict[str, Any], test: Test
) -> Iterator[Place]:
    yield from ((form, name, "") for name in fields)
    for name, of in choices.items():
        yield form, name, ""
        chosen = _drawn(test, of) if isinstance(of, str) else of
        yield from ((form, name, str(one)) for one in chosen)


def _drawn(test: Test, argument: str) -> list[Any]:
    """What a test's mark gives to one of its arguments."""
    for mark in getattr(test, "pytestmark", []):
        names = mark.args[0] if mark.name == "parametrize" else ()
        names = [one.strip() for one in names.split(",")] if isinstance(names, str) else names
        if argument in names:
            rows = [row.values if hasattr(row, "values") else row for row in mark.args[1]]
            place = list(names).index(argument)
            return [row[place] for row in rows] if len(names) > 1 else list(rows)
    raise AssertionError(f"{test.__name__}: no mark gives {argument}; put @executes above it")


@contextmanager
def sent() -> Iterator[set[Place]]:
    """This will note what forms are sent and accept, field by field, while it lasts."""
    found: set[Place] = set()
    clean = forms.BaseForm.full_clean

    def noted(form: forms.BaseForm) -> None:
        clean(form)
        if form.is_bound:
            found.update(_accepted(form))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forms.BaseForm, "full_clean", noted)
        yield found


def _accepted(form: forms.BaseForm) -> Iterator[Place]:
    for name, field in form.fields.items():
        value = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        values = value if isinstance(value, list) else [value]
        values = [one for one in values if one not in (None, "", False)]
        if not values or name in (form._errors or {}):
            continue
        for cls in type(form).__mro__:
            yield cls, name, ""
            yield from ((cls, name, str(one)) for one in values)
