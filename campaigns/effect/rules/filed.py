"""Sides and outcomes of a campaign that was run elsewhere, from the rows of a file.

A row names a customer, a side and one outcome or more. An outcome of which all cells are yes or no
(1 and 0, 是 and 否) is a share, any other one an amount (CNY, below nought too). Whoever stands in
the file twice counts once, and not at all where the rows name both sides.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from campaigns.effect.rules.lifts import Arm
from campaigns.partners.rules import Side
from portal.intake.rules import BadCell, Reason, cells, reasons
from portal.kit.shares import Share

CUSTOMER = ("customer", "customer_number", "customer_id", "客户号", "客户")
ARM = ("arm", "group", "side", "组别", "分组", "组")
_REACHED = {"treated", "treatment", "reached", "活动组", "实验组"}
_HELD = {"control", "held", "对照组"}
_BOUND = {
    "converted": True, "conversion": True, "转化": True, "active": True, "activation": True,
    "在用": True, "spending": False, "amount": False, "消费": False, "消费金额": False,
}  # fmt: skip
_MOST_LETTERS = 64

NOT_A_SIDE = Reason("not_a_side", _("This is no side: write treated or control."))
TWICE = Reason("twice", _("The customer stands in line {line} already; this row does not count."))
BOTH_SIDES = Reason(
    "both_sides",
    _("The customer stands in line {line} on the other side: neither row counts."),
)
CELLS = Reason("cells", _("The row has {found} cells in place of {needed}."))


class FileUnfit(Exception):
    """Raised for a file that tells of no campaign; the text is for a person."""


@dataclass(frozen=True)
class BadRow:
    """A row that does not count: its line, the column, and why."""

    line: int
    column: str
    reason: Reason
    params: Mapping[str, object]

    @property
    def words(self) -> str:
        """Why, in the reader's language."""
        return str(self.reason.text).format(**self.params)


@dataclass(frozen=True)
class Outcome:
    """An outcome column with both sides; where it is an amount, also with each person's capped."""

    name: str
    reached: Arm
    held: Arm
    capped: tuple[Side, Side] | None = None

    @property
    def is_share(self) -> bool:
        return self.capped is None


@dataclass(frozen=True)
class Filed:
    """What a file tells: its outcomes, how many rows count on each side, and the bad ones."""

    outcomes: list[Outcome]
    reached: int
    held: int
    bad: list[BadRow]


@dataclass(frozen=True)
class _Row:
    line: int
    is_held: bool
    values: tuple[str, ...]


def read_rows(
    names: Sequence[str], rows: Iterable[tuple[int, list[str] | int | BadCell]], *, cap: Decimal
) -> Filed:
    """This will read the rows of a file with these column names; each comes with its line, and
    what could not be told apart as a number of lines or a `BadCell`. Amounts are capped at `cap`
    either way for the check. Raises FileUnfit."""
    columns = _Columns(names)
    bad: list[BadRow] = []
    found = _told_once(_parsed(rows, columns, bad), bad)
    kinds = _kinds(columns.outcomes, found)
    good: list[tuple[bool, list[Decimal]]] = []
    for row in found:
        values = _values(row, columns.outcomes, kinds, bad)
        if values is not None:
            good.append((row.is_held, values))
    outcomes = [
        _outcome(name, place, is_share, good, cap)
        for place, (name, is_share) in enumerate(zip(columns.outcomes, kinds, strict=True))
    ]
    held = sum(is_held for is_held, _row in good)
    bad.sort(key=lambda one: one.line)
    return Filed(outcomes, len(good) - held, held, bad)


class _Columns:
    """Where customer, side and outcomes stand."""

    def __init__(self, names: Sequence[str]) -> None:
        low = [name.strip().lower() for name in names]
        self.width = len(names)
        self.customer = _place(low, CUSTOMER)
        self.arm = _place(low, ARM)
        self.customer_name, self.arm_name = names[self.customer], names[self.arm]
        taken = {self.customer, self.arm}
        self.places = [place for place in range(len(names)) if place not in taken and low[place]]
        self.outcomes = [names[place].strip() for place in self.places]
        if not self.outcomes:
            raise FileUnfit(
                _("The file has no column of outcomes beside customer and side: add one, such as"
                  " converted (1 or 0) or spending (CNY).")
            )  # fmt: skip


def _place(low: Sequence[str], known: Sequence[str]) -> int:
    for name in known:
        if name in low:
            return low.index(name)
    raise FileUnfit(
        _("The file has no column {name}: its first line must name the columns customer, arm and"
          " at least one outcome.").format(name=known[0])
    )  # fmt: skip


def _parsed(
    rows: Iterable[tuple[int, list[str] | int | BadCell]], columns: _Columns, bad: list[BadRow]
) -> Iterator[tuple[str, _Row]]:
    """Each row with its customer; what cannot be read is told in `bad`."""
    for line, found in rows:
        if not isinstance(found, list):
            reason = found.reason if isinstance(found, BadCell) else reasons.DAMAGED
            params = found.params if isinstance(found, BadCell) else {}
            bad.append(BadRow(line, "", reason, params))
            continue
        if len(found) != columns.width:
            bad.append(BadRow(line, "", CELLS, {"found": len(found), "needed": columns.width}))
            continue
        texts = [text.strip() for text in found]
        column = columns.customer_name
        try:
            who = cells.parse_text(_filled(texts[columns.customer]), _MOST_LETTERS)
            column = columns.arm_name
            is_held = _side_of(_filled(texts[columns.arm]))
        except BadCell as wrong:
            bad.append(BadRow(line, column, wrong.reason, wrong.params))
            continue
        yield who, _Row(line, is_held, tuple(texts[place] for place in columns.places))


def _filled(text: str) -> str:
    if not text:
        raise BadCell(reasons.MISSING)
    return text


def _side_of(text: str) -> bool:
    word = text.lower()
    if word not in _REACHED | _HELD:
        raise BadCell(NOT_A_SIDE)
    return word in _HELD


def _told_once(rows: Iterable[tuple[str, _Row]], bad: list[BadRow]) -> list[_Row]:
    first: dict[str, _Row] = {}
    torn: set[str] = set()
    for who, row in rows:
        before = first.setdefault(who, row)
        if before is row:
            continue
        if before.is_held == row.is_held:
            bad.append(BadRow(row.line, "", TWICE, {"line": before.line}))
            continue
        bad.append(BadRow(row.line, "", BOTH_SIDES, {"line": before.line}))
        if who not in torn:
            torn.add(who)
            bad.append(BadRow(before.line, "", BOTH_SIDES, {"line": row.line}))
    return [row for who, row in first.items() if who not in torn]


def _kinds(names: Sequence[str], rows: Sequence[_Row]) -> list[bool]:
    """Of each outcome whether it is a share."""
    kinds = []
    for place, name in enumerate(names):
        bound = _BOUND.get(name.lower())
        kinds.append(all(_is_word(row.values[place]) for row in rows) if bound is None else bound)
    return kinds


def _is_word(text: str) -> bool:
    """Whether a cell is yes or no, or cannot be read as an amount either."""
    try:
        cells.parse_yes_or_no(text)
    except BadCell:
        return not _is_amount(text)
    return True


def _is_amount(text: str) -> bool:
    try:
        cells.parse_net_amount(text)
    except BadCell:
        return False
    return True


def _values(
    row: _Row, names: Sequence[str], kinds: Sequence[bool], bad: list[BadRow]
) -> list[Decimal] | None:
    found = []
    for name, is_share, text in zip(names, kinds, row.values, strict=True):
        try:
            filled = _filled(text)
            if is_share:
                found.append(Decimal(cells.parse_yes_or_no(filled) == "true"))
            else:
                found.append(Decimal(cells.parse_net_amount(filled)))
        except BadCell as wrong:
            bad.append(BadRow(row.line, name, wrong.reason, wrong.params))
            return None
    return found


def _outcome(
    name: str,
    place: int,
    is_share: bool,
    good: Sequence[tuple[bool, Sequence[Decimal]]],
    cap: Decimal,
) -> Outcome:
    sides = [[values[place] for held, values in good if held is side] for side in (False, True)]
    if is_share:
        reached, held = (Share(int(sum(side)), len(side)) for side in sides)
        return Outcome(name, reached, held)
    plain = [_side(side) for side in sides]
    capped = [_side([max(-cap, min(cap, one)) for one in side]) for side in sides]
    return Outcome(name, plain[0], plain[1], capped=(capped[0], capped[1]))


def _side(sums: Sequence[Decimal]) -> Side:
    return Side(
        len(sums), sum(one != 0 for one in sums), sum(sums, Decimal(0)),
        sum((one * one for one in sums), Decimal(0)),
    )  # fmt: skip
