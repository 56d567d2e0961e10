"""Reading a mapping: which columns of a foreign file become which columns of which kinds of file.

What is wrong with it is said in sentences that name the line and what to write.
"""

import difflib
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml
from django.utils.translation import gettext as _

from portal.intake.rules import making, specs
from portal.intake.rules.kinds import BadCell, Column, ImportKind
from portal.intake.rules.nodes import Problems

_MOST_CHARACTERS = 200_000
_FIELDS = ("name", "citation", "lawful_basis", "source", "file", "imports")
_NEEDED = ("lawful_basis", "source", "imports")
_FILE_FIELDS = ("separator", "skip_lines", "names", "empty")
_IMPORT_FIELDS = ("kind", "only", "leave_out", "columns")
# Said once for the whole mapping, and written into every kind that has them.
_ORIGIN = ("lawful_basis", "source")


@dataclass(frozen=True)
class Share:
    """What of each row becomes a row of `kind`: its columns, and whether the row counts."""

    kind: ImportKind
    line: int
    cells: tuple[specs.Spec, ...]
    conditions: tuple[specs.Condition, ...]

    def keeps(self, row: making.Row) -> bool:
        """This will tell whether a row of the foreign file becomes one of this kind."""
        return all(condition.holds(row) for condition in self.conditions)


@dataclass(frozen=True)
class FileMapping:
    """A mapping that was read. `empty` are texts that mean that nothing is there."""

    name: str
    separator: str
    skip_lines: int
    names: tuple[str, ...]
    empty: frozenset[str]
    shares: tuple[Share, ...]
    digest: str = ""

    def check_columns(self, names: Sequence[str]) -> None:
        """This will check that a file has the columns that are used. Raises FileRefused."""
        problems = Problems(self.name)
        for share in self.shares:
            parts: list[specs.Spec | specs.Condition] = [*share.cells, *share.conditions]
            for part in parts:
                for name in part.uses:
                    if name.lower() not in names:
                        problems.add(part.line, _absent(name, names))
        problems.refuse()


def _absent(name: str, names: Sequence[str]) -> str:
    known = ", ".join(names[:40])
    sentence = _("the file has no column “{name}”; it has: {known}.").format(name=name, known=known)
    return sentence + _near(name.lower(), names)


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return " " + _("Did you mean “{name}”?").format(name=near[0]) if near else ""


def read_mapping(text: str, name: str, kinds: Mapping[str, ImportKind]) -> FileMapping:
    """This will read a mapping from YAML text; `name` is its file's name. Raises FileRefused with
    a line for each problem."""
    problems = Problems(name)
    node = _compose(text, problems)
    problems.refuse()
    fields = problems.fields(node, _FIELDS, _NEEDED)
    problems.refuse()
    layout = problems.fields(fields.get("file"), _FILE_FIELDS, ())
    found = FileMapping(
        name=name,
        separator=_separator(problems, layout.get("separator")),
        skip_lines=problems.whole_number(layout.get("skip_lines")),
        names=tuple(text.lower() for text in problems.texts(layout.get("names"))),
        empty=frozenset(problems.texts(layout.get("empty"))),
        shares=(),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    origin = {key: fields[key] for key in _ORIGIN}
    shares = tuple(
        share
        for entry in problems.entries(fields["imports"])
        if (share := _share(problems, entry, kinds, origin)) is not None
    )
    _check_origin(problems, shares, origin)
    problems.refuse()
    # In the order in which kinds are imported: each names rows of those before it.
    order = list(kinds)
    return replace(found, shares=tuple(sorted(shares, key=lambda s: order.index(s.kind.code))))


def _compose(text: str, problems: Problems) -> Any:
    if len(text) > _MOST_CHARACTERS:
        problems.add(1, _("the file is too long to be a mapping."))
        return None
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        problems.add(mark.line + 1 if mark else 1, _("this is not YAML; check signs and indents."))
    except (ValueError, RecursionError):
        problems.add(1, _("the file is nested too deep."))
    return None


def _separator(problems: Problems, node: Any) -> str:
    text = {"tab": "\t"}.get(node.value, node.value) if problems.is_text(node) else ""
    if node is not None and len(text) != 1:
        problems.add_at(node, _('the separator is one sign, such as ";", or the word tab.'))
        return ""
    return str(text)


def _share(
    problems: Problems, node: Any, kinds: Mapping[str, ImportKind], origin: Mapping[str, Any]
) -> Share | None:
    fields = problems.fields(node, _IMPORT_FIELDS, ("kind", "columns"))
    if "kind" not in fields or "columns" not in fields:
        return None
    code = problems.text(fields["kind"])
    kind = kinds.get(code)
    if kind is None:
        known = ", ".join(kinds)
        sentence = _("there is no kind of file “{code}”; write one of: {known}.")
        problems.add_at(fields["kind"], sentence.format(code=code, known=known))
        return None
    said = problems.pairs(fields["columns"])
    cells = [
        _cell(problems, kind, name, spec, where)
        for name, (where, spec) in (
            {key: (node, node) for key, node in origin.items() if key in kind.names} | said
        ).items()
    ]
    _check_complete(problems, kind, fields["columns"], [*said, *origin])
    conditions = [
        specs.read_condition(problems, fields[field], wanted=field == "only")
        for field in ("only", "leave_out")
        if field in fields
    ]
    return Share(
        kind=kind,
        line=problems.line_of(node),
        cells=tuple(cell for cell in cells if cell is not None),
        conditions=tuple(condition for condition in conditions if condition is not None),
    )


def _cell(
    problems: Problems, kind: ImportKind, name: str, node: Any, where: Any
) -> specs.Spec | None:
    if name not in kind.names:
        known = ", ".join(kind.names)
        sentence = _("{kind} has no column “{name}”; write one of: {known}.")
        sentence = sentence.format(kind=kind.code, name=name, known=known)
        problems.add_at(where, sentence + _near(name, kind.names))
        return None
    return specs.read_spec(problems, name, node, _fits(kind.column(name)))


def _fits(column: Column) -> Callable[[str], str]:
    """What tells why a text of the mapping cannot stand in a column, "" where it can."""

    def why_not(text: str) -> str:
        try:
            column.cell.parse(text)
        except BadCell as bad:
            return str(bad.reason.text).format(**bad.params)
        return ""

    return why_not


def _check_complete(problems: Problems, kind: ImportKind, node: Any, said: Sequence[str]) -> None:
    for column in kind.columns:
        if column.is_needed and column.name not in said:
            sentence = _("{kind} needs {name} ({help}); write “{name}: …” with a column or a text.")
            sentence = sentence.format(kind=kind.code, name=column.name, help=column.help)
            problems.add_at(node, sentence)


def _check_origin(problems: Problems, shares: Sequence[Share], origin: Mapping[str, Any]) -> None:
    """Lawful basis and source are said even where no kind of this mapping writes them."""
    if not shares and not problems.found:
        problems.add(1, _("imports is empty; write a kind with its columns."))
    for key, node in origin.items():
        if problems.is_text(node) and not node.value.strip():
            problems.add_at(node, _("{name} is empty; say it for the whole file.").format(name=key))
