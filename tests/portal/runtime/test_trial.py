"""What `make test` and `make bench` look for."""

from pathlib import Path

import pytest

from portal.runtime import trial
from portal.runtime.terminal import Refused


def test_the_browser_is_the_one_named(tmp_path: Path) -> None:
    mine = tmp_path / "chromium"
    mine.touch(mode=0o755)
    assert trial.find_browser({"CHROMIUM": str(mine)}, lambda _name: "/other") == str(mine)


def test_else_the_first_one_found() -> None:
    found = {"google-chrome": "/usr/bin/google-chrome"}
    assert trial.find_browser({}, found.get) == "/usr/bin/google-chrome"
    assert trial.find_browser({}, lambda _name: None) == ""


def test_a_browser_that_is_no_program() -> None:
    with pytest.raises(Refused) as refused:
        trial.find_browser({"CHROMIUM": "/none"})
    assert str(refused.value) == "CHROMIUM=/none is no program: correct it, or unset it."


def test_measurements_are_the_modules_of_their_folder(tmp_path: Path) -> None:
    for name in ("__init__.py", "harness.py", "evaluation.py", "copying.py", "notes.md"):
        (tmp_path / name).touch()
    assert trial.measurements(tmp_path) == ["copying", "evaluation"]


def test_a_measurement_that_does_not_exist() -> None:
    with pytest.raises(Refused, match=r"^There is no benchmark"):
        trial.bench(["flying"])
