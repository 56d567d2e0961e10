"""`make lint` runs everything and tells what failed."""

import sys

import pytest

from portal.runtime import quality


def test_all_checks_run_and_a_failure_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    commands = [
        ("first", [sys.executable, "-c", "import sys; sys.exit('it is wrong')"]),
        ("second", [sys.executable, "-c", "print('not shown')"]),
    ]
    assert quality.lint(commands) == 1
    lines = [line.partition(" (")[0] for line in capsys.readouterr().out.splitlines()]
    assert lines == ["failed  first", "it is wrong", "ok      second", "ok      locked versions"]


def test_no_finding_is_success() -> None:
    assert quality.lint([]) == 0


def test_every_check_is_of_our_own_environment() -> None:
    assert [name for name, _command in quality.checks()] == [
        "style", "layout of code", "templates", "layers", "types", "migrations", "translations",
    ]  # fmt: skip
    assert {command[0].rpartition("/")[0] for _name, command in quality.checks()} == {
        sys.executable.rpartition("/")[0]
    }
