"""What is looked at before anything starts; each finding is one sentence with its remedy."""

import contextlib
import os
import shutil
import socket
import subprocess
import urllib.parse
from pathlib import Path

from portal.runtime import engines
from portal.runtime.terminal import Refused

NEEDED_DISK_MB = 500


def read_port(text: str) -> int:
    """This will read PORT. Raises Refused where it is no port number."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refused(f"PORT={text} is no port: choose a number from 1 to 65535.")
    return int(text)


def check_port(host: str, port: int) -> None:
    """This will refuse a port that cannot be bound."""
    try:
        family, kind, _proto, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise Refused(f"HOST={host} is no address of this machine: use 127.0.0.1.") from None
    with contextlib.closing(socket.socket(family, kind)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError:
            raise Refused(
                f"Port {port} is for the system administrator only: choose one above 1023, for "
                "example `make run PORT=8080`."
            ) from None
        except OSError as problem:
            raise Refused(
                f"Port {port} on {host} cannot be used ({problem.strerror}): choose another one, "
                f"for example `make run PORT={port + 1 if port < 65535 else 8000}`."
            ) from None


def check_disk(folder: Path, needed_mb: int = NEEDED_DISK_MB) -> None:
    """This will refuse a disk that is nearly full."""
    free = shutil.disk_usage(folder).free // 2**20
    if free < needed_mb:
        raise Refused(
            f"The disk that holds {folder} has only {free} MB left, and the portal needs "
            f"{needed_mb} MB: free some space, or name another folder with PORTAL_VAR=."
        )


def check_writable(folder: Path) -> None:
    """This will refuse a folder that we may not write."""
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refused(
            f"{folder} cannot be written by this user: give it to this user, or name another "
            "folder with PORTAL_VAR=."
        )


def check_data(place: engines.PostgresPlace) -> None:
    """This will refuse a data folder of another PostgreSQL major, or of another user."""
    if not place.data.exists():
        return
    owner = place.data.stat().st_uid
    wanted = place.account.uid if place.account else os.geteuid()
    if owner != wanted:
        raise Refused(
            f"{place.data} belongs to the user with the number {owner}: run the portal as the user "
            "who ran it before, or start anew with `make demo-reset`."
        )
    mark = place.data / "PG_VERSION"
    found, ours = (mark.read_text().strip() if mark.exists() else "none"), binary_major(place)
    if found != ours:
        raise Refused(
            f"{place.data} was made by PostgreSQL {found}, and this portal brings {ours}: dump it "
            f"with a PostgreSQL {found} and load it here, or start anew with `make demo-reset`."
        )


def binary_major(place: engines.PostgresPlace) -> str:
    """This will return the major version of the embedded PostgreSQL, such as "18"."""
    command = [str(engines.postgres_bin(place.account) / "postgres"), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return said.split()[2].split(".")[0]


def check_database(url: str) -> None:
    """This will refuse a DATABASE_URL whose server does not answer."""
    import psycopg

    try:
        psycopg.connect(libpq_url(url), connect_timeout=5).close()
    except psycopg.Error as problem:
        said = " ".join(str(problem).split())
        raise Refused(
            f"The database named by DATABASE_URL does not answer ({said}): correct it, or unset "
            "DATABASE_URL to use the embedded one."
        ) from None


def libpq_url(url: str) -> str:
    """This will write a DATABASE_URL the way PostgreSQL's own library reads it."""
    scheme, _colon, rest = url.partition("://")
    return f"postgresql://{rest}" if scheme in ("postgres", "psql", "pgsql") else url


def check_queue(url: str) -> None:
    """This will refuse a REDIS_URL whose server does not answer."""
    import redis

    try:
        with contextlib.closing(redis.Redis.from_url(url, socket_timeout=5)) as client:
            client.ping()
    except (redis.RedisError, ValueError) as problem:
        server = urllib.parse.urlsplit(url).hostname
        raise Refused(
            f"The server named by REDIS_URL ({server}) does not answer ({problem}): correct it, or "
            "unset REDIS_URL to use the embedded one."
        ) from None
