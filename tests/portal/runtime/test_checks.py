"""Each thing in the way is told in one sentence with its remedy."""

import contextlib
import os
import re
import socket
from pathlib import Path

import pytest

from portal.runtime import checks, engines
from portal.runtime.terminal import Refused

ACCOUNT = engines.server_account()


def place(data: Path, account: engines.Account | None = ACCOUNT) -> engines.PostgresPlace:
    return engines.PostgresPlace(data, data.parent / "s", "secret", account)


def data_folder(path: Path, version: str) -> Path:
    path.mkdir()
    (path / "PG_VERSION").write_text(f"{version}\n")
    if ACCOUNT:
        os.chown(path, ACCOUNT.uid, ACCOUNT.gid)
    return path


@pytest.mark.parametrize(("text", "port"), [("1", 1), ("8000", 8000), ("65535", 65535)])
def test_a_port_is_read(text: str, port: int) -> None:
    assert checks.read_port(text) == port


@pytest.mark.parametrize("text", ["0", "65536", "eight", "-1", "80.0", " "])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(Refused) as refused:
        checks.read_port(text)
    assert str(refused.value) == f"PORT={text} is no port: choose a number from 1 to 65535."


def test_a_taken_port() -> None:
    with contextlib.closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Refused) as refused:
            checks.check_port("127.0.0.1", port)
    assert str(refused.value) == (
        f"Port {port} on 127.0.0.1 cannot be used (Address already in use): choose another one, "
        f"for example `make run PORT={port + 1}`."
    )
    checks.check_port("127.0.0.1", port)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may use every port")
def test_a_port_of_the_system() -> None:
    with pytest.raises(Refused, match="choose one above 1023"):
        checks.check_port("127.0.0.1", 80)


def test_a_host_that_is_not_ours() -> None:
    with pytest.raises(Refused, match=re.escape("HOST=not a host is no address")):
        checks.check_port("not a host", 8000)


def test_a_full_disk(tmp_path: Path) -> None:
    checks.check_disk(tmp_path, needed_mb=1)
    with pytest.raises(Refused, match=r"has only \d+ MB left, and the portal needs 900000000 MB"):
        checks.check_disk(tmp_path, needed_mb=900_000_000)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Refused, match="cannot be written by this user"):
        checks.check_writable(tmp_path)


def test_data_of_another_major(tmp_path: Path) -> None:
    data = data_folder(tmp_path / "postgres", "12")
    with pytest.raises(Refused) as refused:
        checks.check_data(place(data))
    assert str(refused.value) == (
        f"{data} was made by PostgreSQL 12, and this portal brings 18: dump it with a PostgreSQL "
        "12 and load it here, or start anew with `make demo-reset`."
    )


def test_data_of_this_major_and_no_data(tmp_path: Path) -> None:
    checks.check_data(place(data_folder(tmp_path / "postgres", "18")))
    checks.check_data(place(tmp_path / "none"))


def test_data_of_another_user(tmp_path: Path) -> None:
    data = data_folder(tmp_path / "postgres", "18")
    with pytest.raises(Refused, match="run the portal as the user who ran it before"):
        checks.check_data(place(data, engines.Account("other", 54321, 54321)))


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        checks.check_database(f"postgresql://portal:secret@/portal?host={tmp_path}")
    assert str(refused.value).startswith("The database named by DATABASE_URL does not answer (")
    assert "secret" not in str(refused.value)


def test_a_database_that_answers() -> None:
    checks.check_database(os.environ["DATABASE_URL"])


@pytest.mark.parametrize("url", ["redis://:secret@127.0.0.1:1/0", "http://127.0.0.1/"])
def test_a_queue_that_does_not_answer(url: str) -> None:
    with pytest.raises(Refused) as refused:
        checks.check_queue(url)
    assert str(refused.value).startswith("The server named by REDIS_URL (127.0.0.1) does not")
    assert "secret" not in str(refused.value)


def test_a_queue_that_answers() -> None:
    checks.check_queue(os.environ["REDIS_URL"])


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "psql", "pgsql"])
def test_addresses_as_django_writes_them(scheme: str) -> None:
    assert checks.libpq_url(f"{scheme}://a:b@c/d?host=/e") == "postgresql://a:b@c/d?host=/e"
