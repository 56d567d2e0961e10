"""manage.py import_data KIND FILE, or --mapping MAPPING FILE: takes a file of facts in."""

import datetime as dt
import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from portal.intake import operations
from portal.intake.operations import MadeRow
from portal.intake.rules import BadCell, FileRefused, ImportKind, ImportReport, cells
from portal.kit import clock
from portal.kit.registry import registry

ALL_GOOD, SOME_BAD, REFUSED = 0, 1, 2
ROWS_SHOWN = 3


class Command(BaseCommand):
    help = "Take a CSV or XLSX file in. Exit code 0: all rows good, 1: some bad, 2: file refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", nargs="?", help="kind of file; see --list")
        parser.add_argument(
            "file", nargs="?", type=Path, help="a .csv or .xlsx file; .csv.gz and .csv.xz too"
        )
        parser.add_argument(
            "--mapping", type=Path, help="a YAML file that says what a foreign FILE becomes"
        )
        parser.add_argument(
            "--check", action="store_true", help="show what the mapping makes of the first rows"
        )
        parser.add_argument("--list", action="store_true", help="list the kinds and their columns")
        parser.add_argument("--dry-run", action="store_true", help="do everything, keep nothing")
        parser.add_argument(
            "--as-of",
            help="when the file held in its source, where rows do not say; older ones are left out",
        )
        parser.add_argument(
            "--corrects",
            action="store_true",
            help="the file corrects: its rows count even where they take a state or a day back",
        )
        parser.add_argument("--json", action="store_true", help="report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["list"]:
                self._list(options["kind"], as_json=options["json"])
                return
            reports = self._mapped(options) if options["mapping"] else [self._plain(options)]
        except FileRefused as refused:
            self._refuse(str(refused), as_json=options["json"])
            raise SystemExit(REFUSED) from refused
        self._clear_progress()
        for report in reports:
            self._report(report, is_one_of_many=bool(options["mapping"]), as_json=options["json"])
        if any(report.rows_bad for report in reports):
            raise SystemExit(SOME_BAD)

    def _plain(self, options: dict[str, Any]) -> ImportReport:
        if options["file"] is None or options["check"]:
            raise FileRefused(
                _("--check goes with --mapping; for a file as the portal wants it take --dry-run.")
                if options["check"]
                else _("Name the kind and the file; --list shows the kinds.")
            )
        return operations.import_file(
            kind=options["kind"],
            path=options["file"],
            actor=None,
            at=clock.now(),
            dry_run=options["dry_run"],
            progress=self._show_progress,
            as_of=_instant(options["as_of"]),
            corrects=options["corrects"],
        )

    def _mapped(self, options: dict[str, Any]) -> list[ImportReport]:
        """The kinds stand in the mapping: the one word besides is the file."""
        if options["as_of"] or options["corrects"]:
            raise FileRefused(_("--as-of and --corrects go without --mapping; map as_of instead."))
        words = [word for word in (options["kind"], options["file"]) if word is not None]
        if len(words) != 1:
            raise FileRefused(_("With --mapping name the file alone; the mapping says its kinds."))
        mapping, path = operations.load_mapping(options["mapping"]), Path(words[0])
        if options["check"]:
            made = operations.explain_mapping(
                mapping=mapping, path=path, at=clock.now(), rows=ROWS_SHOWN
            )
            self._explain(made, as_json=options["json"])
            return []
        return operations.import_mapped(
            mapping=mapping,
            path=path,
            actor=None,
            at=clock.now(),
            dry_run=options["dry_run"],
            progress=self._show_progress,
        )

    def _explain(self, made: list[MadeRow], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps([asdict(row) for row in made], ensure_ascii=False))
            return
        for row in made:
            self.stdout.write(f"{row.kind}, " + _("row {number}:").format(number=row.number))
            if row.reason:
                self.stdout.write(f"    {row.reason}")
            for cell in row.cells:
                places = [_("line {line}").format(line=cell.line), *cell.uses]
                line = f"    {cell.name} = {cell.shown}  ({', '.join(places)})"
                self.stdout.write(line + (f"  !! {cell.reason}" if cell.reason else ""))
        self.stdout.write(
            _("Nothing was taken in. --dry-run tells of all rows, and asks for what they name.")
        )

    def _refuse(self, sentence: str, *, as_json: bool) -> None:
        self._clear_progress()
        if as_json:
            self.stdout.write(json.dumps({"refused": sentence}, ensure_ascii=False))
        else:
            self.stderr.write(sentence)

    def _show_progress(self, read: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r" + _("Rows read: {rows}").format(rows=f"{read:,}"))
            sys.stderr.flush()

    def _clear_progress(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")

    def _report(self, report: ImportReport, *, is_one_of_many: bool, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(vars(report), ensure_ascii=False, default=str))
            return
        if is_one_of_many:
            self.stdout.write(f"{report.kind}:")
        if report.is_dry_run:
            self.stdout.write(_("Dry run: nothing was kept."))
        counts = _(
            "Rows read: {read}. New: {new}, changed: {changed}, unchanged: {same}, bad: {bad}."
        )
        if report.rows_older:
            counts += " " + _("Older, kept as is: {older}.")
        self.stdout.write(
            counts.format(
                read=report.rows_read, new=report.rows_new, changed=report.rows_changed,
                same=report.rows_same, bad=report.rows_bad, older=report.rows_older,
            )
        )  # fmt: skip
        for warning in report.warnings:
            self.stdout.write(warning)
        if report.errors_path:
            self.stdout.write(_("The bad rows are in {path}.").format(path=report.errors_path))

    def _list(self, code: str | None, *, as_json: bool) -> None:
        kinds = [operations.find_kind(code)] if code else list(registry.import_kinds.values())
        if as_json:
            self.stdout.write(json.dumps({kind.code: _described(kind) for kind in kinds},
                                         ensure_ascii=False))  # fmt: skip
            return
        for kind in kinds:
            self.stdout.write(f"{kind.code}: {kind.help}")
            for column in _described(kind):
                mark = "*" if column["needed"] else " "
                line = f"  {mark} {column['name']:<16} {column['help']}; {column['format']}"
                if column["example"]:
                    line += "; " + _("for example {example}").format(example=column["example"])
                if column["default"]:
                    line += "; " + _("if empty {default}").format(default=column["default"])
                self.stdout.write(line)
        self.stdout.write(_("Columns marked * are needed."))


def _instant(text: str | None) -> dt.datetime | None:
    try:
        return clock.instant_of(cells.parse_instant(text)) if text else None
    except BadCell as bad:
        raise FileRefused(f"--as-of: {bad.reason.text}") from bad


def _described(kind: ImportKind) -> list[dict[str, Any]]:
    return [
        {
            "name": column.name, "needed": column.is_needed, "help": str(column.help),
            "format": str(column.cell.format), "example": column.example,
            "default": column.default,
        }
        for column in kind.columns
    ]  # fmt: skip
