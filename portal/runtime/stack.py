"""Where the local portal keeps its things, its keys, and what it tells other processes.

Plain Python: `manage.py` and the settings ask here before Django is loaded.
"""

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from portal.runtime import engines
from portal.runtime.terminal import Refused

PROJECT = Path(__file__).resolve().parent.parent.parent
NEEDED = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "FIELD_KEYS", "BLIND_INDEX_KEY")
PROVIDED = (
    *NEEDED,
    *("EMAIL_HOST", "EMAIL_PORT", "EMAIL_STATUS_URL"),
    *("SMS_URL", "SMS_USER", "SMS_PASSWORD", "SMS_STATUS_URL", "SMS_CALLBACK_SECRET"),
    *("PUSH_URL", "PUSH_TOKEN", "PUSH_STATUS_URL", "PUSH_CALLBACK_SECRET"),
    *("SANDBOX_SMTP_PORT", "SANDBOX_HTTP_PORT"),
)
ELSEWHERE = Path("/var/lib/card-portal")
_LOCK_TRIES = 5


@dataclass(frozen=True)
class House:
    """The folder `var/` of one portal, and what stands where in it."""

    var: Path

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def secrets_file(self) -> Path:
        return self.var / "secrets.json"

    @property
    def stack_file(self) -> Path:
        return self.run / "stack.json"

    @property
    def record(self) -> Path:
        return self.run / "processes.json"

    @property
    def lock_file(self) -> Path:
        return self.run / "lock"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def make(self) -> None:
        """This will make the folders."""
        for folder in (self.var, self.run, self.logs):
            folder.mkdir(parents=True, exist_ok=True)


def house_of(environment: Mapping[str, str]) -> House:
    """This will return the portal's folder: PORTAL_VAR, or `var` in the project."""
    return House(Path(environment.get("PORTAL_VAR") or PROJECT / "var").resolve())


def engine_home(house: House, account: engines.Account | None) -> Path:
    """This will return the folder for the data of PostgreSQL.

    Started by root, the server runs as another user, who may be unable to enter the project
    (below /root, for example): then its data goes to a folder of its own under /var/lib.
    """
    if account is None or engines.reachable(house.var, account):
        return house.var
    mark = hashlib.sha256(str(house.var).encode()).hexdigest()[:12]
    home = ELSEWHERE / mark
    home.mkdir(parents=True, exist_ok=True)
    return home


def postgres_place(house: House, password: str) -> engines.PostgresPlace:
    """This will tell where the embedded PostgreSQL of this portal lives."""
    account = engines.server_account()
    home = engine_home(house, account)
    sockets = engines.socket_folder(home / "run" / "postgres", account)
    return engines.PostgresPlace(home / "postgres", sockets, password, account)


# --- secrets ------------------------------------------------------------------------------------
def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def load_secrets(house: House) -> dict[str, str]:
    """This will return the keys and passwords of this portal, made once and then kept.

    Raises Refused where the file is damaged, or missing although there is data: new keys could
    not open what the old ones sealed.
    """
    try:
        return dict(json.loads(house.secrets_file.read_text()))
    except FileNotFoundError:
        if (engine_home(house, engines.server_account()) / "postgres").exists():
            raise Refused(
                f"{house.secrets_file} is missing, and without its keys the data cannot be read: "
                "put it back from your backup, or start anew with `make demo-reset`."
            ) from None
    except ValueError:
        raise Refused(
            f"{house.secrets_file} is damaged: put it back from your backup, or delete it and "
            "start anew with `make demo-reset`."
        ) from None
    made = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": f"1:{_key()}",
        "BLIND_INDEX_KEY": _key(),
        "POSTGRES_PASSWORD": secrets.token_hex(16),
        "VALKEY_PASSWORD": secrets.token_hex(16),
        "SMS_USER": "portal",
        "SMS_PASSWORD": secrets.token_hex(12),
    }
    write_private(house.secrets_file, made)
    return made


def write_private(path: Path, content: Mapping[str, Any]) -> None:
    """This will write a file that only its owner reads, whole or not at all."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


# --- one portal at a time -----------------------------------------------------------------------
@contextlib.contextmanager
def locked(house: House, url: str) -> Iterator[None]:
    """This will hold the lock of this portal for as long as the work inside lasts.

    Raises Refused where another process holds it.
    """
    with open(house.lock_file, "a+") as file:
        if not _try_lock(file):
            raise Refused(already_running(house))
        file.seek(0)
        file.truncate()
        json.dump({"pid": os.getpid(), "url": url}, file)
        file.flush()
        yield


def _try_lock(file: IO[str]) -> bool:
    """Several tries: `is_running` holds the lock for an instant."""
    for _attempt in range(_LOCK_TRIES):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(0.05)
    return False


def holder(house: House) -> dict[str, Any]:
    """This will return {"pid", "url"} of who holds, or last held, the lock."""
    try:
        return dict(json.loads(house.lock_file.read_text()))
    except (OSError, ValueError):
        return {}


def already_running(house: House) -> str:
    """This will say that, and where, the portal of this folder runs."""
    who = holder(house)
    where = f" at {who['url']}" if who.get("url") else ""
    return (
        f"The portal is already running{where} (process {who.get('pid', 'unknown')}): use that "
        "one, or stop it first with Ctrl-C or `make stop`."
    )


def is_running(house: House) -> bool:
    """This will tell whether a runner holds the lock."""
    try:
        with open(house.lock_file) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def why_unusable(environment: Mapping[str, str]) -> str:
    """This will say why commands cannot reach the portal's servers, "" where they can."""
    missing = [name for name in NEEDED if not environment.get(name)]
    if not missing:
        return ""
    house = house_of(environment)
    if house.stack_file.exists() and is_running(house):
        return ""
    return (
        "No portal is running here: start it with `make run` in another window, or name your own "
        f"servers and keys in the environment (missing: {', '.join(missing)}; see README.md)."
    )
