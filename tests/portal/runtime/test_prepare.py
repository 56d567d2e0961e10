"""What is done once at each start."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.runtime import prepare, stack
from portal.runtime.supervisor import Wish
from portal.runtime.terminal import Interrupted, Refused


def run(tmp_path: Path, *arguments: str, wish: Wish | None = None, **environment: str) -> str:
    log = tmp_path / "setup.log"
    prepare.manage(list(arguments), environment=environment, log=log, wish=wish or Wish())
    return log.read_text()


def test_a_command_writes_to_the_log(tmp_path: Path) -> None:
    assert "System check identified no issues" in run(tmp_path, "check")


def test_a_command_that_fails_is_shown_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        run(tmp_path, "no_such_command")
    said = str(refused.value)
    assert said.startswith(
        f"`manage.py no_such_command` failed with code 1, see {tmp_path / 'setup.log'}.\n"
    )
    assert "Unknown command: 'no_such_command'" in said


def test_asking_to_stop_cuts_a_command_short(tmp_path: Path) -> None:
    wish = Wish()
    wish.times = 1
    with pytest.raises(Interrupted):
        run(tmp_path, "check", wish=wish)


def test_logs_that_have_grown_are_set_aside(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_text("12345")
    (tmp_path / "web.log.1").write_text("older")
    (tmp_path / "worker.log").write_text("123")
    prepare.rotate_logs(tmp_path, limit=4)
    found = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert found == {"web.log.1": "12345", "worker.log": "123"}


@pytest.mark.parametrize(
    "change",
    [
        lambda project: (project / "static/a.css").write_text("b{}"),
        lambda project: (project / "portal/static/b.js").unlink(),
        lambda project: (project / "requirements.txt").write_text("django==6"),
    ],
)
def test_static_files_are_collected_only_when_they_changed(
    tmp_path: Path, change: Callable[[Path], object]
) -> None:
    house = stack.House(tmp_path / "var")
    house.make()
    for name in ("static/a.css", "portal/static/b.js", "var/static/staticfiles.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a{} ")
    (tmp_path / "requirements.txt").write_text("django==5")
    assert prepare.static_is_fresh(house, tmp_path) is False
    (house.run / "static-files").write_text(prepare.static_mark(tmp_path))
    (house.var / "static/staticfiles.json").write_text("anew")
    assert prepare.static_is_fresh(house, tmp_path) is True
    change(tmp_path)
    assert prepare.static_is_fresh(house, tmp_path) is False


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, True),
        ({"DEMO": "1"}, True),
        ({"DEMO": "0"}, False),
        ({"DEMO": " No"}, False),
        ({"DATABASE_URL": "postgresql://bank"}, False),
        ({"DATABASE_URL": "postgresql://bank", "DEMO": "1"}, True),
    ],
)
def test_the_demo_bank_is_made_where_its_open_passwords_do_no_harm(
    environment: dict[str, str], wanted: bool
) -> None:
    assert prepare.wants_demo(environment) is wanted


@pytest.mark.django_db(transaction=True)
def test_a_bank_with_a_branch_is_not_empty(settings: object) -> None:
    from django.db import connection

    from tests.factories.portal import StaffFactory

    base, _slash, tail = os.environ["DATABASE_URL"].partition("@/")
    url = f"{base}@/{connection.settings_dict['NAME']}?{tail.partition('?')[2]}"
    assert prepare.bank_is_empty(url) is True
    StaffFactory(username="approver", role="approver", name="王")
    StaffFactory(username="wang", role="approver")
    assert prepare.bank_is_empty(url) is False
    assert prepare.demo_accounts(url) == [("approver", "王")]
