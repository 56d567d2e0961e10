"""What every `make` target calls: prepare `.venv`, then hand over to the portal's own Python.

Standard library only, and a syntax that even Python 3.6 reads, so that an old Python ends in one
clear sentence instead of a syntax error.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

OLDEST = (3, 11)
PROJECT = Path(__file__).resolve().parent.parent.parent
LOCKS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
VERBS = {
    "run": "run",
    "stop": "run",
    "demo-reset": "run",
    "setup": "dev",
    "test": "dev",
    "chaos": "dev",
    "lint": "dev",
    "bench": "dev",
    "messages": "dev",
}
_PR_SET_PDEATHSIG = 1
_SIGTERM = 15


class Refused(Exception):
    """Raised where setting up cannot go on; the text is for a person."""


def say(text: str) -> None:
    """This will show a line of progress at once."""
    print(text, flush=True)


# --- the Python that was called ---------------------------------------------------------------
def check_python(version: "tuple[int, ...]") -> None:
    """This will refuse a Python that is too old."""
    if tuple(version[:2]) < OLDEST:
        raise Refused(
            "This is Python {}.{}, and the portal needs 3.11 or later: install a newer one and "
            "name it, for example `make run PYTHON=python3.12`.".format(*version[:2])
        )


def check_parts(parts: "tuple[str, ...]" = ("venv", "ensurepip")) -> None:
    """This will refuse a Python that cannot make virtual environments, as Debian's bare one."""
    if any(importlib.util.find_spec(part) is None for part in parts):
        raise Refused(
            "This Python cannot make a virtual environment: install its missing part "
            "(`apt-get install python{}.{}-venv` on Debian and Ubuntu), then run "
            "this again.".format(*sys.version_info[:2])
        )


# --- the virtual environment --------------------------------------------------------------------
def python_of(venv: Path) -> Path:
    """This will return the Python inside a virtual environment."""
    return venv / "bin" / "python"


def works(venv: Path) -> bool:
    """This will tell whether the environment's Python runs at all and is new enough."""
    probe = f"import sys; sys.exit(sys.version_info[:2] < {OLDEST!r})"
    try:
        return subprocess.call([str(python_of(venv)), "-c", probe], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def ensure_venv(venv: Path) -> None:
    """This will make the virtual environment where none works; one that works is respected."""
    if works(venv):
        return
    if venv.is_symlink():
        raise Refused(
            f"{venv} is a link to an environment without a working Python 3.11 or later: remove "
            "the link, then run this again."
        )
    if venv.exists() and not (venv / "pyvenv.cfg").exists():
        raise Refused(
            f"{venv} is in the way and is no virtual environment: move it away, then run this "
            "again."
        )
    check_parts()
    say(f"Making the virtual environment {venv.name}")
    command = [sys.executable, "-m", "venv", "--clear", str(venv)]
    if subprocess.call(command, env=clean_environment()) != 0:
        raise Refused(
            "The virtual environment could not be made; what Python says stands above. On Debian "
            "and Ubuntu `apt-get install python3-venv` is the usual answer."
        )


# --- the packages -------------------------------------------------------------------------------
def digest(path: Path) -> str:
    """This will return the fingerprint of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_stamp(venv: Path) -> "dict[str, str]":
    """This will return what was last installed: {"kind": "run" or "dev", "digest": ...}."""
    try:
        return dict(json.loads((venv / "portal-lock.json").read_text()))
    except (OSError, ValueError):
        return {}


def kind_to_install(venv: Path, project: Path, wanted: str) -> str:
    """This will tell which lock file to install, "" where what is there will do.

    The development lock contains the other: once installed it is kept, so that `make run` after
    `make test` removes nothing.
    """
    stamp = read_stamp(venv)
    if stamp.get("kind") == "dev":
        wanted = "dev"
    fresh = stamp == {"kind": wanted, "digest": digest(project / LOCKS[wanted])}
    return "" if fresh else wanted


def missing_pins(venv: Path, lock: Path) -> "list[str]":
    """This will list the pins of a lock file that the environment does not have.

    Pins that hold for some platforms only (those with a marker) are not looked at.
    """
    have = set()
    for info in venv.glob("lib/python3*/site-packages/*.dist-info"):
        name, _dash, version = info.name[: -len(".dist-info")].rpartition("-")
        have.add((re.sub(r"[-_.]+", "-", name).lower(), version))
    pins = re.findall(r"^([\w.-]+)==([\w.+!-]+) \\$", lock.read_text(), re.MULTILINE)
    return [name + "==" + version for name, version in pins if (name, version) not in have]


def ensure_packages(venv: Path, project: Path, wanted: str) -> None:
    """This will install the locked versions, only where they changed since the last time.

    An environment that is only linked here belongs to somebody else: packages are added to it
    where some are missing, never removed.
    """
    if venv.is_symlink():
        if missing_pins(venv, project / LOCKS[wanted]):
            install(venv, project, wanted, "install")
        return
    kind = kind_to_install(venv, project, wanted)
    if not kind:
        return
    install(venv, project, kind, "sync")
    stamp = {"kind": kind, "digest": digest(project / LOCKS[kind])}
    (venv / "portal-lock.json").write_text(json.dumps(stamp))


def install(venv: Path, project: Path, kind: str, verb: str) -> None:
    """This will install a lock file with uv, every file checked against its hash."""
    environment = installer_environment(venv)
    ensure_uv(venv, project, environment)
    lock = project / LOCKS[kind]
    count = len(re.findall(r"^[\w.-]+==", lock.read_text(), re.MULTILINE))
    say(f"Installing the locked packages ({lock.name}, {count} of them)")
    start = time.monotonic()
    command = [
        str(venv / "bin" / "uv"), "pip", verb, "--python", str(python_of(venv)),
        "--require-hashes", str(lock),
    ]  # fmt: skip
    if verb == "install":
        command[-1:] = ["-r", str(lock)]
    if not sys.stdout.isatty():
        # Its bars are for a terminal; elsewhere it would list every package.
        command.append("--quiet")
    if subprocess.call(command, env=environment, cwd=str(project)) != 0:
        raise Refused(
            "The packages could not be installed; what uv says stands above. Without a way to "
            "PyPI name your mirror: `UV_DEFAULT_INDEX=https://mirror/simple make run`."
        )
    say(f"Packages are in place ({time.monotonic() - start:.0f} s)")


def ensure_uv(venv: Path, project: Path, environment: "dict[str, str]") -> None:
    """This will install the pinned uv with pip where it is not there yet."""
    pins = project / "requirements-uv.txt"
    if not missing_pins(venv, pins):
        return
    say("Installing uv, which installs the rest")
    command = [
        str(python_of(venv)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--only-binary=:all:", "--require-hashes", "-r", str(pins),
    ]  # fmt: skip
    if subprocess.call(command, env=environment) != 0:
        raise Refused(
            "uv could not be installed; what pip says stands above. Without a way to PyPI name "
            "your mirror: `PIP_INDEX_URL=https://mirror/simple make run`."
        )


def clean_environment() -> "dict[str, str]":
    """This will return the environment without what would slow or mislead the portal's Python.

    With PYTHONDONTWRITEBYTECODE every start compiles every module anew: seconds, each time.
    """
    unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__")
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def installer_environment(venv: Path) -> "dict[str, str]":
    """This will let uv use the mirror that pip is configured for, where uv has none of its own."""
    environment = clean_environment()
    if "UV_DEFAULT_INDEX" not in environment and "UV_INDEX_URL" not in environment:
        ask = [str(python_of(venv)), "-m", "pip", "config", "get", "global.index-url"]
        answer = subprocess.run(ask, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        mirror = environment.get("PIP_INDEX_URL") or answer.stdout.decode().strip()
        if mirror:
            environment["UV_DEFAULT_INDEX"] = mirror
    return environment


# --- all of it ----------------------------------------------------------------------------------
def set_up(venv: Path, project: Path, wanted: str) -> None:
    """This will make the environment ready; two `make` at once wait for each other."""
    (project / "var").mkdir(exist_ok=True)
    with open(str(project / "var" / "setup.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ensure_venv(venv)
        ensure_packages(venv, project, wanted)


def stop_with_make() -> None:
    """This will have the kernel tell us when `make` is killed, so that we never outlive it."""
    if "MAKELEVEL" in os.environ and sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGTERM)


def main(arguments: "list[str]") -> int:
    """This will set up for a verb and become the process that does it."""
    verb = arguments[0] if arguments else "run"
    try:
        check_python((sys.version_info[0], sys.version_info[1]))
        if verb not in VERBS:
            raise Refused("There is no {}: choose one of {}.".format(verb, ", ".join(VERBS)))
        venv = PROJECT / ".venv"
        set_up(venv, PROJECT, VERBS[verb])
    except Refused as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if verb == "setup":
        say("Ready: `make run` runs the portal, `make test` tests it.")
        return 0
    stop_with_make()
    os.chdir(str(PROJECT))
    python = str(python_of(venv))
    environment = clean_environment()
    environment.pop("MAKEFLAGS", None)
    os.execve(python, [python, "-m", "portal.runtime", verb, *arguments[1:]], environment)  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
