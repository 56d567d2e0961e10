"""The portal's folder: keys, lock, and what other commands are told."""

import base64
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portal.runtime import engines, stack
from portal.runtime.terminal import Refused

SERVERS = dict.fromkeys(stack.NEEDED, "given")


def test_the_folder_comes_from_the_environment(tmp_path: Path) -> None:
    assert stack.house_of({"PORTAL_VAR": str(tmp_path)}).var == tmp_path.resolve()
    assert stack.house_of({}).var == stack.PROJECT / "var"


# --- secrets --------------------------------------------------------------------------------
def test_secrets_are_made_once_and_private(house: stack.House) -> None:
    made = stack.load_secrets(house)
    assert stack.load_secrets(house) == made
    assert stat.S_IMODE(house.secrets_file.stat().st_mode) == 0o600
    key_id, _colon, key = made["FIELD_KEYS"].partition(":")
    assert (key_id, len(base64.b64decode(key))) == ("1", 32)
    assert len(base64.b64decode(made["BLIND_INDEX_KEY"])) == 32
    assert len(set(made.values())) == len(made)


def test_damaged_secrets_are_refused_and_kept(house: stack.House) -> None:
    house.secrets_file.write_text('{"SECRET_KEY": "a')
    with pytest.raises(Refused) as refused:
        stack.load_secrets(house)
    assert str(refused.value) == (
        f"{house.secrets_file} is damaged: put it back from your backup, or delete it and start "
        "anew with `make demo-reset`."
    )
    assert house.secrets_file.read_text() == '{"SECRET_KEY": "a'


def test_data_without_its_keys_is_refused(house: stack.House) -> None:
    (stack.engine_home(house, engines.server_account()) / "postgres").mkdir()
    with pytest.raises(Refused, match="is missing, and without its keys the data cannot be read"):
        stack.load_secrets(house)
    assert not house.secrets_file.exists()


def test_a_private_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text("old")
    path.chmod(0o644)
    stack.write_private(path, {"a": "b"})
    assert json.loads(path.read_text()) == {"a": "b"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


# --- one at a time --------------------------------------------------------------------------
def test_a_second_copy_is_told_where_the_first_one_is(house: stack.House) -> None:
    with (
        stack.locked(house, "http://127.0.0.1:8000/"),
        pytest.raises(Refused) as refused,
        stack.locked(house, "http://127.0.0.1:9000/"),
    ):
        pass
    assert str(refused.value) == (
        f"The portal is already running at http://127.0.0.1:8000/ (process {os.getpid()}): use "
        "that one, or stop it first with Ctrl-C or `make stop`."
    )
    assert stack.holder(house) == {"pid": os.getpid(), "url": "http://127.0.0.1:8000/"}


def test_the_lock_ends_with_the_work(house: stack.House) -> None:
    assert stack.is_running(house) is False
    with stack.locked(house, ""):
        assert stack.is_running(house) is True
    assert stack.is_running(house) is False
    with stack.locked(house, "again"):
        assert stack.holder(house)["url"] == "again"


# --- what other commands are told -----------------------------------------------------------
def test_servers_in_the_environment_are_enough(tmp_path: Path) -> None:
    assert stack.why_unusable({**SERVERS, "PORTAL_VAR": str(tmp_path)}) == ""


def test_a_running_portal_is_enough(house: stack.House) -> None:
    house.stack_file.write_text("{}")
    with stack.locked(house, ""):
        assert stack.why_unusable({"PORTAL_VAR": str(house.var)}) == ""


def test_what_a_dead_portal_left_is_not_enough(house: stack.House) -> None:
    house.stack_file.write_text("{}")
    assert stack.why_unusable({**SERVERS, "REDIS_URL": "", "PORTAL_VAR": str(house.var)}) == (
        "No portal is running here: start it with `make run` in another window, or name your own "
        "servers and keys in the environment (missing: REDIS_URL; see README.md)."
    )


@pytest.mark.parametrize("command", [["manage.py", "check"], ["-c", "import portal.settings"]])
def test_commands_end_in_one_sentence_where_nothing_runs(
    command: list[str], tmp_path: Path
) -> None:
    inherited = {name: value for name, value in os.environ.items() if name not in stack.PROVIDED}
    done = subprocess.run(
        [sys.executable, *command],
        check=False,
        capture_output=True,
        text=True,
        cwd=stack.PROJECT,
        env={**inherited, "PORTAL_VAR": str(tmp_path)},
    )
    assert done.returncode == 1
    assert "make run" in done.stderr.splitlines()[-1]
    assert len(done.stderr.splitlines()) == 1 or command[0] == "-c"


def test_data_of_root_goes_where_the_server_may_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = engines.server_account()
    if account is None:
        pytest.skip("the server runs as ourselves")
    monkeypatch.setattr(stack, "ELSEWHERE", tmp_path / "elsewhere")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    house = stack.House(closed / "var")
    house.make()
    home = stack.engine_home(house, account)
    assert (home.parent, home.is_dir()) == (tmp_path / "elsewhere", True)
    assert stack.engine_home(house, account) == home
    assert closed.stat().st_mode & 0o777 == 0o700
