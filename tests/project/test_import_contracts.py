"""The import contracts are kept, and they catch what they are there for."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from tests.project import house

LINT = """
import sys
from importlinter import cli
sys.path.insert(0, ".")
sys.exit(cli.lint_imports(no_cache=True, no_logo=True))
"""


def lint(folder: Path) -> tuple[int, str]:
    """The exit code and the words of import-linter, run over the house in `folder`."""
    done = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def house_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house's code without anything else."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(house.ROOT / "pyproject.toml", folder)
    for app in house.APPS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(house.ROOT / app, folder / app, ignore=ignored)
    return folder


def test_the_contracts_are_kept() -> None:
    code, said = lint(house.ROOT)
    assert code == 0, said


@pytest.mark.parametrize(
    ("file", "source", "contract"),
    [
        ("journeys/cards/utils.py", "", "Topics: rooms of fixed names"),
        ("portal/audit/helpers/__init__.py", "", "Topics: rooms of fixed names"),
        ("merchants/extras/__init__.py", "", "merchants: porch above topics"),
        ("journeys/cards/rules.py", "import journeys.cards.models", "Topics: rooms of fixed"),
        ("journeys/cards/queries.py", "import campaigns.planning.enums", "Apps: imports go down"),
        ("journeys/cards/queries.py", "import journeys.points.models", "journeys: porch above"),
        ("journeys/cards/queries.py", "import journeys.models", "journeys: porch above"),
        ("campaigns/rewards/queries.py", "import journeys.cards.models", "Of journeys, other"),
        ("campaigns/rewards/queries.py", "import journeys.models", "Of journeys, other"),
        ("journeys/cards/queries.py", "import merchants.directory.models", "Of merchants, other"),
        ("journeys/cards/queries.py", "import portal.audit.models", "Of portal, other"),
        ("portal/audit/rules.py", "import portal.staff.access", "staff and audit know"),
    ],
)
def test_a_breach_is_found(house_copy: Path, file: str, source: str, contract: str) -> None:
    breach = house_copy / file
    before = breach.read_text("utf-8") if breach.exists() else None
    breach.parent.mkdir(exist_ok=True)
    breach.write_text(f"{before or ''}\n{source}\n")
    try:
        code, said = lint(house_copy)
    finally:
        if breach.parent.name in ("helpers", "extras"):
            shutil.rmtree(breach.parent)
        elif before is None:
            breach.unlink()
        else:
            breach.write_text(before)
    assert code == 1
    assert contract in said.partition("Broken contracts")[2], said


def test_every_topic_and_app_stands_in_the_contracts() -> None:
    options = tomllib.loads((house.ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    linter = options["importlinter"]
    contracts = {contract["id"]: contract for contract in linter["contracts"]}
    topics = {f"{app}.{topic.name}" for app in house.APPS for topic in house.topics(app)}
    assert set(contracts["rooms"]["containers"]) == topics
    own = [app for app in settings.INSTALLED_APPS if (house.ROOT / app).is_dir()]
    assert set(linter["root_packages"]) == set(house.APPS) == set(own)
    rooms = contracts["rooms"]["layers"]
    assert [room.strip("()") for room in rooms] == list(house.ROOMS)
