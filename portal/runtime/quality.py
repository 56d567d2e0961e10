"""`make lint`: every check that needs no server, all of them, then the findings."""

import base64
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from portal.runtime import locks, stack
from portal.runtime.terminal import say

_KEY = base64.b64encode(b"k" * 32).decode()
# The settings want servers; nothing here ever connects to these.
NOWHERE = {
    "SECRET_KEY": "only-for-checks",
    "FIELD_KEYS": f"1:{_KEY}",
    "BLIND_INDEX_KEY": _KEY,
    "DATABASE_URL": "postgresql://nobody:nothing@/none?host=/nonexistent",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def tool(name: str) -> str:
    """This will return the path of a tool of our environment."""
    return str(Path(sys.executable).parent / name)


def checks() -> list[tuple[str, list[str]]]:
    """This will return the name and the command of each check."""
    python = sys.executable
    return [
        ("style", [tool("ruff"), "check", "."]),
        ("layout of code", [tool("ruff"), "format", "--check", "."]),
        ("templates", [tool("djlint"), "--lint", "--quiet", "templates"]),
        ("layers", [tool("lint-imports"), "--no-logo"]),
        ("types", [python, "-m", "mypy"]),
        (
            "migrations",
            [python, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"],
        ),
        ("translations", [python, "-W", "ignore", "manage.py", "update_messages", "--check"]),
    ]


def lint(commands: Sequence[tuple[str, list[str]]] | None = None) -> int:
    """This will run every check, show the findings and return 1 where there are any."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="portal-lint-") as var:
        environment = {**os.environ, **NOWHERE, "PORTAL_VAR": var, "PYTHONPATH": "."}
        for name, command in checks() if commands is None else commands:
            failed += not _passes(name, command, environment)
    stale = locks.findings(stack.PROJECT)
    say(f"{'failed' if stale else 'ok':<7} locked versions")
    for line in stale:
        say(line)
    return 1 if failed or stale else 0


def _passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    start = time.monotonic()
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd=stack.PROJECT,
    )
    word = "failed" if done.returncode else "ok"
    say(f"{word:<7} {name} ({time.monotonic() - start:.1f} s)")
    if done.returncode:
        say(f"{done.stdout}{done.stderr}".rstrip())
    return not done.returncode


def gather_messages() -> int:
    """This will bring the translation files up to date with the texts, and compile them."""
    command = [sys.executable, "manage.py", "update_messages"]
    environment = {**os.environ, **NOWHERE}
    return subprocess.run(command, check=False, env=environment, cwd=stack.PROJECT).returncode
