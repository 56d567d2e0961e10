"""What is done once at each start, between the servers and the portal itself."""

import hashlib
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.kit import lifeline
from portal.runtime import checks, engines, stack
from portal.runtime.supervisor import Wish
from portal.runtime.terminal import Interrupted, Refused

LOG_LIMIT = 5 * 2**20
_TAIL_LINES = 15
_STOP_SECONDS = 5.0


def rotate_logs(folder: Path, limit: int = LOG_LIMIT) -> None:
    """This will set aside logs that have grown; one older generation is kept."""
    for log in folder.glob("*.log"):
        if log.stat().st_size > limit:
            log.replace(log.with_suffix(".log.1"))


def manage(
    arguments: list[str],
    *,
    environment: Mapping[str, str],
    log: Path,
    wish: Wish,
    shows: bool = False,
) -> None:
    """This will run a command of `manage.py` to its end.

    With `shows` it writes to our terminal, else to `log`. Raises Refused with the end of what it
    wrote where it fails, Interrupted where the person asks to stop.
    """
    begin(arguments, environment=environment, log=log, shows=shows).finish(wish)


@dataclass(frozen=True)
class Command:
    """A command of `manage.py` that runs."""

    arguments: list[str]
    process: engines.Process
    log: Path
    shows: bool

    def finish(self, wish: Wish) -> None:
        """This will wait for its end. Raises as `manage` does."""
        while not lifeline.ended(self.process):
            if wish.times:
                _cut_short(self.process)
                raise Interrupted
            time.sleep(0.05)
        if self.process.returncode:
            said = "" if self.shows else f"\n{_tail(self.log)}"
            raise Refused(
                f"`manage.py {' '.join(self.arguments)}` failed with code {self.process.returncode}"
                f"{'; it says why above' if self.shows else f', see {self.log}'}.{said}"
            )


def begin(
    arguments: list[str], *, environment: Mapping[str, str], log: Path, shows: bool = False
) -> Command:
    """This will start a command of `manage.py`, which ends with us at the latest."""
    process = engines.spawn(
        [sys.executable, str(stack.PROJECT / "manage.py"), *arguments],
        death_signal=signal.SIGKILL,
        log=log,
        env={**os.environ, **environment},
        cwd=stack.PROJECT,
        shows=shows,
    )
    return Command(arguments, process, log, shows)


def _cut_short(process: engines.Process) -> None:
    process.send_signal(signal.SIGINT)
    end = time.monotonic() + _STOP_SECONDS
    while not lifeline.ended(process):
        if time.monotonic() > end:
            process.kill()
        time.sleep(0.02)


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-_TAIL_LINES:])


# --- static files -------------------------------------------------------------------------------
def static_mark(project: Path) -> str:
    """This will return a fingerprint of everything that static files are made from."""
    seen = hashlib.sha256((project / "requirements.txt").read_bytes())
    apps = [path for path in project.glob("*/static") if path.parent.name != "var"]
    folders = [project / "static", *apps]
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        about = path.stat()
        seen.update(f"{path.relative_to(project)} {about.st_size} {about.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def static_is_fresh(house: stack.House, project: Path) -> bool:
    """This will tell whether the collected static files are those of now."""
    mark = house.run / "static-files"
    made = house.var / "static" / "staticfiles.json"
    return made.exists() and mark.exists() and mark.read_text() == static_mark(project)


# --- the demo bank ------------------------------------------------------------------------------
def bank_is_empty(url: str) -> bool:
    """This will tell whether the database has no branch yet."""
    import psycopg

    with psycopg.connect(checks.libpq_url(url)) as connection:
        found = connection.execute("SELECT EXISTS (SELECT 1 FROM portal_branch)").fetchone()
    return not (found and found[0])


def demo_accounts(url: str) -> list[tuple[str, str]]:
    """This will return user name and name of the demo accounts: those named as their role."""
    import psycopg

    with psycopg.connect(checks.libpq_url(url)) as connection:
        return connection.execute(
            "SELECT username, name FROM portal_staff WHERE username = role AND is_active "
            "ORDER BY id"
        ).fetchall()


def wants_demo(environment: Mapping[str, str]) -> bool:
    """This will tell whether the demo bank is made. DEMO says so; where it is silent, a database
    of our own gets one and a database that the environment names does not: the passwords of the
    demo accounts are known to everybody."""
    said = environment.get("DEMO", "").strip().lower()
    if said:
        return said not in ("0", "no", "false", "off")
    return not environment.get("DATABASE_URL")
