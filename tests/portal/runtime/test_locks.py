"""Stale requirements are found without a network."""

from pathlib import Path

import pytest

from portal.runtime import locks, stack

PYPROJECT = """
[project]
dependencies = ["django>=5.2,<5.3", "redis>=8.1"]
[project.optional-dependencies]
dev = ["ruff>=0.17"]
"""
HASH = "    --hash=sha256:" + "0" * 64


def lock(*pins: str) -> str:
    return "".join(f"{pin} \\\n{HASH}\n" for pin in pins)


RUN = ("asgiref==3.13.0", "django==5.2.19", "redis==8.1.0", "sqlparse==0.6.1", "tzdata==2026.6 ; sys_platform == 'win32'")  # fmt: skip  # noqa: E501


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "requirements.txt").write_text(lock(*RUN))
    (tmp_path / "requirements-dev.txt").write_text(lock(*RUN, "ruff==0.17.6"))
    return tmp_path


def said(project: Path) -> list[str]:
    return [line.partition(" (refresh it")[0] for line in locks.findings(project)]


def test_the_locks_of_this_project_are_not_stale() -> None:
    assert locks.findings(stack.PROJECT) == []


def test_locks_that_fit(project: Path) -> None:
    assert said(project) == []


def test_a_new_dependency(project: Path) -> None:
    text = PYPROJECT.replace('"redis>=8.1"', '"redis>=8.1", "Whiskers>=1"')
    (project / "pyproject.toml").write_text(text)
    assert said(project) == [
        "requirements.txt: Whiskers is missing", "requirements-dev.txt: Whiskers is missing",
    ]  # fmt: skip


def test_a_version_that_no_longer_satisfies(project: Path) -> None:
    (project / "pyproject.toml").write_text(PYPROJECT.replace("ruff>=0.17", "ruff>=0.18"))
    assert said(project) == ["requirements-dev.txt: ruff==0.17.6 does not satisfy ruff>=0.18"]


def test_a_dependency_that_went_away(project: Path) -> None:
    (project / "pyproject.toml").write_text(PYPROJECT.replace('"ruff>=0.17"', ""))
    assert said(project) == ["requirements-dev.txt: ruff is needed by nothing"]


def test_two_locks_that_differ(project: Path) -> None:
    changed = lock(*RUN, "ruff==0.17.6").replace("django==5.2.19", "django==5.2.20")
    (project / "requirements-dev.txt").write_text(changed)
    assert said(project) == ["requirements-dev.txt: django differs from requirements.txt"]


def test_a_pin_without_a_hash(project: Path) -> None:
    (project / "requirements.txt").write_text(lock(*RUN).replace(f"redis==8.1.0 \\\n{HASH}", "redis==8.1.0 \\"))  # fmt: skip  # noqa: E501
    assert said(project) == [
        "requirements.txt: redis has no hash",
        "requirements-dev.txt: redis differs from requirements.txt",
    ]
