"""What a playbook of a phase holds, as rows and as lines that people type."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.kit import languages

SCHEMA = 1
MOST_DAYS = 250


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str

    @property
    def label(self) -> str:
        return self.en if languages.reads_english() else self.zh

    @property
    def line(self) -> str:
        return f"{self.zh} | {self.en}"


@dataclass(frozen=True)
class PlannedTask:
    """A task, due so many working days after the phase began."""

    days: int
    words: Words

    @property
    def line(self) -> str:
        return f"{self.days} | {self.words.line}"


@dataclass(frozen=True)
class Content:
    """Goals, tasks, talk tracks, and what to measure."""

    goals: tuple[Words, ...]
    tasks: tuple[PlannedTask, ...]
    tracks: tuple[Words, ...]
    measures: tuple[Words, ...]

    def as_json(self) -> dict[str, Any]:
        """This will write the content as it is kept."""
        return {
            "schema": SCHEMA,
            "goals": [[row.zh, row.en] for row in self.goals],
            "tasks": [[row.days, row.words.zh, row.words.en] for row in self.tasks],
            "tracks": [[row.zh, row.en] for row in self.tracks],
            "measures": [[row.zh, row.en] for row in self.measures],
        }

    def as_lines(self) -> dict[str, str]:
        """This will write each part as people type it, one line a row."""
        parts: Mapping[str, Iterable[Words | PlannedTask]] = {
            "goals": self.goals, "tasks": self.tasks, "tracks": self.tracks,
            "measures": self.measures,
        }  # fmt: skip
        return {name: "\n".join(row.line for row in rows) for name, rows in parts.items()}


def read(kept: Mapping[str, Any]) -> Content:
    """This will read content as it is kept. Raises ValueError for a shape that is unknown."""
    if kept.get("schema") != SCHEMA:
        raise ValueError(kept.get("schema"))
    return Content(
        goals=tuple(Words(*row) for row in kept["goals"]),
        tasks=tuple(PlannedTask(days, Words(zh, en)) for days, zh, en in kept["tasks"]),
        tracks=tuple(Words(*row) for row in kept["tracks"]),
        measures=tuple(Words(*row) for row in kept["measures"]),
    )


class BadLine(Exception):
    """Raised for a line that cannot be read; its text says which and why."""


def read_words(text: str) -> tuple[Words, ...]:
    """This will read lines "Chinese | English". Raises BadLine."""
    return tuple(_rows(text, 2, _("Write the Chinese, a bar |, and the English."), Words))


def read_tasks(text: str) -> tuple[PlannedTask, ...]:
    """This will read lines "working days | Chinese | English". Raises BadLine."""
    advice = _("Write the working days (0 to {most}), a bar |, the Chinese, a bar |, the English.")
    return tuple(_rows(text, 3, advice.format(most=MOST_DAYS), _task))


def _task(days: str, zh: str, en: str) -> PlannedTask:
    if not days.isdecimal() or int(days) > MOST_DAYS:
        raise ValueError(days)
    return PlannedTask(int(days), Words(zh, en))


def _rows(text: str, parts: int, advice: str, make: Callable[..., Any]) -> Iterable[Any]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        given = [part.strip() for part in line.split("|")]
        try:
            if len(given) != parts or not all(given):
                raise ValueError(line)
            yield make(*given)
        except ValueError as bad:
            sentence = _("Line {number} cannot be read. {advice}")
            raise BadLine(sentence.format(number=number, advice=advice)) from bad
