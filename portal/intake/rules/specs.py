"""One column of a mapping: a text with gaps, or a column of the foreign file with its changes."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.intake.rules import making
from portal.intake.rules.nodes import Problems

_SOURCES = ("column", "age", "year_month")
_FIELDS = (*_SOURCES, "on", "values", "otherwise", "steps", "number", "day", "if_empty")
_NUMBER_FIELDS = ("decimal", "group", "factor", "unsigned")

# Tells why a text cannot stand in the column, "" where it can.
WhyNot = Callable[[str], str]


@dataclass(frozen=True)
class Spec:
    """How the cell `name` is made, in which line that is said, and of which foreign columns."""

    name: str
    line: int
    uses: tuple[str, ...]
    make: making.Maker


@dataclass(frozen=True)
class Condition:
    """Rows whose column holds one of `texts` count, or, where not `wanted`, do not."""

    line: int
    uses: tuple[str, ...]
    texts: frozenset[str]
    wanted: bool

    def holds(self, row: making.Row) -> bool:
        """This will tell whether a row counts."""
        return (row[self.uses[0].lower()] in self.texts) == self.wanted


def read_condition(problems: Problems, node: Any, *, wanted: bool) -> Condition | None:
    """This will read which rows count: `{column: STATE, is: [A, B]}`."""
    fields = problems.fields(node, ("column", "is"), ("column", "is"))
    if len(fields) < 2:
        return None
    column = problems.text(fields["column"])
    texts = frozenset(problems.texts(fields["is"]))
    return Condition(problems.line_of(node), (column,), texts, wanted)


def read_spec(problems: Problems, name: str, node: Any, why_not: WhyNot) -> Spec | None:
    """This will read how a column is made; what the mapping writes itself must fit the column."""
    if problems.is_text(node):
        return _of_text(problems, name, node, why_not)
    if _is_unquoted_gap(node):
        problems.add_at(node, _('put a text with braces in quotes: "{NAME}".'))
        return None
    fields = problems.fields(node, _FIELDS, ())
    sources = [source for source in _SOURCES if source in fields]
    if len(sources) != 1:
        known = ", ".join(_SOURCES)
        problems.add_at(node, _("write one of {known} here, and only one.").format(known=known))
        return None
    source = sources[0]
    column = problems.text(fields[source])
    changes = {"column": _changes, "age": _age, "year_month": _month}[source]
    made = changes(problems, fields, why_not)
    if_empty = _own_text(problems, fields.get("if_empty"), why_not) or ""
    line = problems.line_of(node)
    return Spec(name, line, (column,), making.from_column(column, made, if_empty))


def _is_unquoted_gap(node: Any) -> bool:
    """Without quotes, {NAME} is a field without a value to YAML."""
    pairs = getattr(node, "value", None) or []
    return bool(pairs) and all(
        isinstance(pair, tuple) and getattr(pair[1], "value", None) == "" for pair in pairs
    )


def _of_text(problems: Problems, name: str, node: Any, why_not: WhyNot) -> Spec:
    text = problems.text(node)
    gaps = making.gaps_of(text)
    if making.has_stray_braces(text):
        problems.add_at(node, _("a brace stands alone; a column is written {NAME}, in quotes."))
    elif not text:
        problems.add_at(node, _("nothing stands here; leave the column out, or say what to write."))
    elif not gaps:
        _own_text(problems, node, why_not)
    return Spec(name, problems.line_of(node), tuple(gaps), making.from_text(text))


def _own_text(problems: Problems, node: Any, why_not: WhyNot) -> str | None:
    """A value that the mapping writes itself, checked as the column would; None where none is."""
    if node is None:
        return None
    text = problems.text(node).replace("{{", "{").replace("}}", "}")
    reason = why_not(text) if text else ""
    if reason:
        problems.add_at(node, _("“{text}”: {reason}").format(text=text[:40], reason=reason))
    return text


def _changes(problems: Problems, fields: dict[str, Any], why_not: WhyNot) -> list[making.Change]:
    _refuse(problems, fields, ("on",))
    if "values" in fields and "steps" in fields:
        problems.add_at(fields["steps"], _("keep either values or steps."))
    if "otherwise" in fields and "values" not in fields:
        problems.add_at(fields["otherwise"], _("otherwise goes with values; write both."))
    made: list[making.Change] = []
    if "number" in fields:
        made += _number(problems, fields["number"])
    if "values" in fields:
        table = {
            key: _own_text(problems, value, why_not) or ""
            for key, (_node, value) in problems.pairs(fields["values"]).items()
        }
        otherwise = _own_text(problems, fields.get("otherwise"), why_not)
        made.append(making.by_table(table, otherwise, problems.line_of(fields["values"])))
    if "steps" in fields:
        made += _steps(problems, fields["steps"], why_not)
    if "day" in fields:
        made += _day(problems, fields["day"])
    return made


def _refuse(problems: Problems, fields: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if name in fields:
            sentence = _("{name} does not belong here; take it away.").format(name=name)
            problems.add_at(fields[name], sentence)


def _age(problems: Problems, fields: dict[str, Any], _why_not: WhyNot) -> list[making.Change]:
    _refuse(problems, fields, ("values", "otherwise", "steps", "number", "day"))
    if "on" not in fields:
        sentence = _("an age needs the day on which it held; write “on: 2026-03-02” beside it.")
        problems.add_at(fields["age"], sentence)
        return []
    try:
        return [making.by_age(dt.date.fromisoformat(problems.text(fields["on"])))]
    except ValueError:
        problems.add_at(fields["on"], _("this is not a day; write it as 2026-03-02."))
        return []


def _month(problems: Problems, fields: dict[str, Any], _why_not: WhyNot) -> list[making.Change]:
    _refuse(problems, fields, ("on", "values", "otherwise", "steps", "number", "day"))
    return [making.month_start]


def _number(problems: Problems, node: Any) -> list[making.Change]:
    fields = problems.fields(node, _NUMBER_FIELDS, ())
    decimal, group = (
        problems.text(fields[name]) if name in fields else usual
        for name, usual in (("decimal", "."), ("group", ""))
    )
    if len(decimal) != 1 or decimal == group:
        problems.add_at(node, _("decimal is one sign, and another one than group."))
    unsigned = problems.text(fields["unsigned"]) if "unsigned" in fields else "false"
    if unsigned not in {"true", "false"}:
        problems.add_at(fields["unsigned"], _("write true or false."))
    factor = making.number_of(problems.text(fields["factor"])) if "factor" in fields else Decimal(1)
    if factor is None:
        problems.add_at(fields["factor"], _("write a number, such as 0.01."))
        return []
    line = problems.line_of(node)
    return [making.as_number(decimal, group, factor, unsigned=unsigned == "true", line=line)]


def _steps(problems: Problems, node: Any, why_not: WhyNot) -> list[making.Change]:
    steps = []
    for least, (where, value) in problems.pairs(node).items():
        number = making.number_of(least)
        if number is None:
            sentence = _("a step begins with a number; write such as “1000: GOLD”.")
            problems.add_at(where, sentence)
            continue
        steps.append((number, _own_text(problems, value, why_not) or ""))
    return [making.by_steps(steps, problems.line_of(node))]


def _day(problems: Problems, node: Any) -> list[making.Change]:
    form = problems.text(node)
    pattern = making.read_form(form)
    if pattern is None:
        sentence = _("write how days are written with YYYY, MM and DD, such as DD.MM.YYYY.")
        problems.add_at(node, sentence)
        return []
    return [making.as_day(form, pattern, problems.line_of(node))]
