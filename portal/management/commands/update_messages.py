"""Brings the catalogues of translations up to date; with --check only tells what is wrong."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.management.commands import _catalogues as catalogues


class Command(BaseCommand):
    help = "Collects all texts, merges locale/parts/*.po into django.po and compiles django.mo."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="write nothing; fail on a missing, fuzzy or stale entry or an old django.mo",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        base, locale = Path(settings.BASE_DIR), Path(settings.LOCALE_PATHS[0])
        found = catalogues.texts_of_sources(base)
        parts, disagreements = catalogues.read_parts(locale / "parts")
        for disagreement in disagreements:
            self.stderr.write(f"two translations: {disagreement}")
        folder = locale / "zh_Hans" / "LC_MESSAGES"
        existing = catalogues.read_catalogue(folder / "django.po")
        made = {
            folder: catalogues.chinese(found, parts, existing),
            locale / "en" / "LC_MESSAGES": catalogues.english(found),
        }
        problems = list(found.unreadable)
        for place, catalogue in made.items():
            problems += catalogues.faults(catalogue)
            if options["check"]:
                problems += _differences(place, catalogue)
            else:
                _write(place, catalogue)
        for problem in problems:
            self.stdout.write(problem)
        if problems and options["check"]:
            raise CommandError(f"{len(problems)} faults; run `manage.py update_messages`.")
        self.stdout.write(f"{len(found.places)} texts, {len(problems)} faults")


def _write(folder: Path, catalogue: polib.POFile) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "django.po").write_text(f"{catalogue}\n", encoding="utf-8")
    (folder / "django.mo").write_bytes(catalogue.to_binary())


def _differences(folder: Path, catalogue: polib.POFile) -> list[str]:
    """What the committed files say otherwise than the sources and parts."""
    written = catalogues.read_catalogue(folder / "django.po")
    made = catalogues.by_text(catalogue)
    stale = [f"stale in {folder.parent.name}: {text.english!r}" for text in written.keys() - made]
    changed = [
        f"not yet in {folder.parent.name}: {text.english!r}"
        for text in made
        if text not in written or catalogues.said(written[text]) != catalogues.said(made[text])
    ]
    compiled = folder / "django.mo"
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        changed.append(f"{folder.parent.name}: django.mo does not match django.po")
    return stale + changed
