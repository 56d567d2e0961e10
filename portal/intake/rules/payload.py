"""What another system may send: a JSON list of rows, each of text by column."""

import json

from django.utils.translation import gettext as _

MOST_ROWS = 5_000
Rows = list[dict[str, str | None]]


class PayloadRefused(Exception):
    """Raised for a body that is no list of rows; the text is for a person."""


class TooManyRows(PayloadRefused):
    """Raised for a list that is too long."""


def read_rows(body: bytes) -> Rows:
    """This will read a body as rows of text. Raises PayloadRefused."""
    try:
        rows = json.loads(body.decode("utf-8"), object_pairs_hook=_object_of)
    except (ValueError, RecursionError) as error:
        raise PayloadRefused(_("The body is no JSON in UTF-8.")) from error
    if not isinstance(rows, list):
        raise PayloadRefused(_("The body must be a list of rows."))
    if len(rows) > MOST_ROWS:
        raise TooManyRows(
            _("There are {rows} rows; send at most {most} in one call.").format(
                rows=len(rows), most=MOST_ROWS
            )
        )
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not row or not all(map(_is_cell, row.values())):
            raise PayloadRefused(
                _(
                    "Row {number} is not an object of texts by column: numbers and days are sent"
                    " as text, an empty cell as null."
                ).format(number=number)
            )
        if not all(map(_is_writable, [*row, *row.values()])):
            raise PayloadRefused(_("Row {number} holds half of a character.").format(number=number))
        if any("\0" in name for name in row):
            raise PayloadRefused(
                _("A name of a column in row {number} holds a sign that no name can have.").format(
                    number=number
                )
            )
    return rows


def _object_of(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """JSON lets a name stand twice; which of the values is meant, nobody can know."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise PayloadRefused(
            _("A row gives the column “{name}” twice; give each column once.").format(
                name=twice.encode("utf-8", "replace").decode().replace("\0", " ")[:40]
            )
        )
    return made


def _is_cell(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_writable(text: str | None) -> bool:
    # JSON can name half of a pair of surrogates, which is no text.
    return text is None or text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)
