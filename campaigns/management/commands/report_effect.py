"""manage.py report_effect CODE: what a campaign brought about; or --file FILE, of one that was run
elsewhere."""

import json
from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.effect import operations as effects
from campaigns.effect import queries, rules
from campaigns.planning import queries as planning
from portal.intake.operations import reading
from portal.intake.rules import FileRefused
from portal.kit import clock

# So many bad rows are printed for people; the JSON holds all.
_SHOWN = 20
_LANGUAGES = {"zh": "zh-hans", "en": "en"}


class Command(BaseCommand):
    """Tells lifts with their intervals, and why nothing is told where that is so."""

    help = "Tell what a campaign brought about against its control group."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", help="campaign of the portal")
        parser.add_argument(
            "--file", type=Path,
            help="CSV or XLSX with the columns customer, arm (treated or control) and outcomes:"
            " yes or no (1, 0), or amounts in CNY",
        )  # fmt: skip
        parser.add_argument(
            "--control-percent",
            help="of a file: the share of its control group, to check the split",
        )
        parser.add_argument("--count", action="store_true", help="count what is due first")
        parser.add_argument("--json", action="store_true", help="print all as JSON")
        parser.add_argument("--language", choices=sorted(_LANGUAGES), default="zh")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(_LANGUAGES[options["language"]]):
            if (options["code"] is None) == (options["file"] is None):
                _refuse(_("Name a campaign or a file with --file, one of both."))
            found = self._of_file(options) if options["file"] else self._of_campaign(options)
            if options["json"]:
                self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
                return
            self._say(found, options["language"])

    def _of_campaign(self, options: dict[str, Any]) -> dict[str, Any]:
        campaign = planning.find_campaign(options["code"])
        if campaign is None:
            text = _("There is no campaign {code}; known campaigns: {known}.")
            known = ", ".join(planning.known_codes()) or "–"
            _refuse(text.format(code=options["code"], known=known))
        if options["count"]:
            effects.count_effects(on=clock.today(), at=clock.now(), campaign_id=campaign.pk)
        found = queries.effect_of(campaign.pk)
        if found is None:
            _refuse_without_rule()
            text = _("Nothing is counted of {code} yet: it is within an hour of its first live run,"
                     " or at once with --count.")  # fmt: skip
            _refuse(text.format(code=campaign.code))
        return queries.report_of(found)

    def _of_file(self, options: dict[str, Any]) -> dict[str, Any]:
        rule, percent = queries.rule_on(clock.today()), _percent(options["control_percent"])
        terms, cap = (rule.terms, rule.cap) if rule else (rules.HOUSE, rules.HOUSE_CAP)
        try:
            table = reading.open_table(options["file"])
            try:
                filed = rules.read_rows(table.names, table.rows, cap=cap)
            finally:
                table.close()
        except (FileRefused, rules.FileUnfit) as refused:
            _refuse(str(refused))
        if not filed.reached + filed.held:
            first = filed.bad[0] if filed.bad else None
            why = "" if first is None else _("line {line}: {why}").format(
                line=first.line, why=first.words)  # fmt: skip
            _refuse(_("The file has no row that counts.") + (f" ({why})" if why else ""))
        found = queries.report_of_file(filed, terms, cap=cap, percent=percent)
        return {**found, "file": options["file"].name}

    def _say(self, found: dict[str, Any], language: str) -> None:
        """All for a person: what is said, and the bad rows of a file."""
        for line in found["words"][_LANGUAGES[language]]:
            self.stdout.write(line)
        bad = found.get("bad_rows", [])
        if bad:
            self.stdout.write(_("Rows that do not count: {number}").format(number=len(bad)))
        for row in bad[:_SHOWN]:
            place = _("line {line}").format(line=row["line"])
            column = f", {row['column']}" if row["column"] else ""
            self.stdout.write(f"  {place}{column}: {row['words'][_LANGUAGES[language]]}")
        if len(bad) > _SHOWN:
            self.stdout.write(_("  and more; --json names them all."))


def _refuse(text: str) -> NoReturn:
    raise CommandError(text, returncode=2)


def _refuse_without_rule() -> None:
    if queries.rule_on(clock.today()) is None:
        _refuse(_("No rule says yet how effects are told: an administrator adds one in the"
                  " administration."))  # fmt: skip


def _percent(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        percent = Decimal(text)
    except InvalidOperation:
        percent = Decimal(0)
    if not percent.is_finite() or not 0 < percent < 100:
        _refuse(_("{text} is no share of a control group: write a number of percent between 0 and"
                  " 100.").format(text=text))  # fmt: skip
    return float(percent)
