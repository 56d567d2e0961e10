"""The embedded servers themselves: what they keep when they are killed."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from portal.kit import lifeline
from portal.runtime import engines, services
from tests.ports import free_port


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the server's account may enter, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="portal-engines-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def place(home: Path) -> engines.PostgresPlace:
    account = engines.server_account()
    made = engines.PostgresPlace(
        home / "pg", engines.socket_folder(home / "s", account), "word", account
    )
    engines.init_postgres(made, durable=False)
    return made


@contextlib.contextmanager
def running(place: engines.PostgresPlace) -> Iterator[engines.Process]:
    log = place.data.parent / "pg.log"
    process = engines.start_postgres(place, log, services.POSTGRES_OPTIONS)
    try:
        engines.wait_for("PostgreSQL", lambda: engines.postgres_answers(place), process, 30, log)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def test_postgres_keeps_what_was_committed_through_a_kill(place: engines.PostgresPlace) -> None:
    with running(place) as process:
        engines.ensure_database(place, "portal")
        engines.ensure_database(place, "portal")
        with psycopg.connect(place.url("portal")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        process.kill()
        process.wait(30)
    with running(place), psycopg.connect(place.url("portal")) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        with pytest.raises(engines.EngineFailed, match=r"A PostgreSQL \(process \d+\) already"):
            engines.clear_stale_lock(place)
    assert not (place.data / "postmaster.pid").exists()


def test_a_stale_lock_of_a_number_in_use_is_cleared(place: engines.PostgresPlace) -> None:
    (place.data / "postmaster.pid").write_text(f"{os.getpid()}\n{place.data}\n")
    engines.clear_stale_lock(place)
    assert not (place.data / "postmaster.pid").exists()


def test_a_data_folder_is_complete_or_absent(home: Path) -> None:
    account = engines.server_account()
    place = engines.PostgresPlace(home / "pg", home / "s", "word", account)
    (home / "pg.new").mkdir()
    (home / "pg.new/half").touch()
    engines.init_postgres(place, durable=False)
    assert (place.data / "PG_VERSION").exists()
    assert not (place.data / "half").exists()
    assert sorted(path.name for path in home.iterdir()) == ["pg"]


def test_a_failed_set_up_leaves_nothing_and_says_why(home: Path) -> None:
    place = engines.PostgresPlace(home / "pg", home / "s", "", engines.server_account())
    with pytest.raises(engines.EngineFailed, match=r"^PostgreSQL could not be set up: .*password"):
        engines.init_postgres(place, durable=False)
    assert list(home.iterdir()) == []


def test_valkey_keeps_what_was_queued_through_a_kill(home: Path) -> None:
    port = free_port()
    log = home / "valkey.log"
    for expected in (None, b"queued"):
        process = engines.start_valkey(home / "valkey", port, "word", log)
        engines.wait_for("Valkey", lambda: engines.valkey_answers(port, "word"), process, 30, log)
        assert not engines.valkey_answers(port, "wrong")
        with contextlib.closing(redis.Redis(port=port, password="word")) as client:
            assert client.get("task") == expected
            client.set("task", "queued")
            assert client.waitaof(1, 0, 60_000)[0] == 1
        process.kill()
        process.wait(30)


def test_a_long_path_gets_a_short_socket_folder(tmp_path: Path) -> None:
    account = engines.server_account()
    found = engines.socket_folder(tmp_path / ("long" * 30), account)
    try:
        assert len(str(found)) < engines.SOCKET_PATH_LIMIT
        assert found.stat().st_mode & 0o777 == 0o700
    finally:
        found.rmdir()


def test_nobody_listens_on_a_free_port() -> None:
    # Between the two questions somebody else may be given one of them.
    assert not all(engines.port_answers(engines.free_port()) for _time in range(3))


def test_a_child_writes_to_its_log_and_leads_its_group(tmp_path: Path) -> None:
    process = engines.spawn(["/bin/sh", "-c", "echo hello; sleep 60"], log=tmp_path / "log")
    engines.wait_for(
        "sh", lambda: (tmp_path / "log").read_text() == "hello\n", process, 60, tmp_path
    )
    assert os.getpgid(process.pid) == process.pid
    process.kill()
    while not lifeline.ended(process):
        time.sleep(0.01)


def test_waiting_ends_when_time_is_up(tmp_path: Path) -> None:
    process = engines.spawn(["/bin/sleep", "60"])
    with pytest.raises(engines.EngineFailed) as failed:
        engines.wait_for("Sleeper", lambda: False, process, 0.1, tmp_path / "log")
    assert str(failed.value) == f"Sleeper did not answer within 0 seconds; see {tmp_path / 'log'}."
    process.kill()
    process.wait()
