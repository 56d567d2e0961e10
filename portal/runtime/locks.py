"""Are the locked versions those that pyproject.toml asks for? Answered without a network."""

import importlib.metadata
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_PIN = re.compile(
    r"^([\w.-]+)==([^\s;]+)(?: ;[^\\]*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}.*\n?)*)", re.M
)
AGAIN = {
    "requirements.txt": "uv pip compile --universal --generate-hashes --no-header --no-annotate "
    "pyproject.toml -o requirements.txt",
    "requirements-dev.txt": "uv pip compile --universal --generate-hashes --no-header "
    "--no-annotate --extra dev --extra score pyproject.toml -o requirements-dev.txt",
}


def read_pins(lock: Path) -> dict[str, tuple[str, int]]:
    """This will return version and number of hashes of each pin, by name."""
    found = _PIN.findall(lock.read_text() + "\n")
    return {name: (version, hashes.count("--hash")) for name, version, hashes in found}


def findings(project: Path) -> list[str]:
    """This will say, one sentence each, what is stale in the lock files."""
    about = tomllib.loads((project / "pyproject.toml").read_text())["project"]
    runtime, extras = about["dependencies"], about["optional-dependencies"]
    wanted = {
        "requirements.txt": runtime,
        "requirements-dev.txt": [*runtime, *extras["dev"], *extras.get("score", ())],
    }
    pins = {name: read_pins(project / name) for name in wanted}
    found = []
    for name, asked in wanted.items():
        requirements = [Requirement(line) for line in asked]
        stale = [*_unsatisfied(requirements, pins[name]), *_unused(requirements, pins[name])]
        found += [f"{name}: {what} (refresh it: {AGAIN[name]})" for what in stale]
    for package, pin in pins["requirements.txt"].items():
        if pins["requirements-dev.txt"].get(package) != pin:
            found.append(f"requirements-dev.txt: {package} differs from requirements.txt")
    return found


def _unsatisfied(
    requirements: list[Requirement], pins: dict[str, tuple[str, int]]
) -> Iterator[str]:
    for requirement in requirements:
        version, _hashes = pins.get(canonicalize_name(requirement.name), ("", 0))
        if not version:
            yield f"{requirement.name} is missing"
        elif not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement.name}=={version} does not satisfy {requirement}"
    for name, (_version, hashes) in pins.items():
        if not hashes:
            yield f"{name} has no hash"


def _unused(requirements: list[Requirement], pins: dict[str, tuple[str, int]]) -> Iterator[str]:
    """Pins that nothing asks for any more. Packages for other platforms are not installed here:
    who needs them is known, what they need is not, so they end the walk."""
    reached: set[tuple[str, frozenset[str]]] = set()
    waiting = [(str(canonicalize_name(r.name)), frozenset(r.extras)) for r in requirements]
    while waiting:
        name, extras = step = waiting.pop()
        if step in reached:
            continue
        reached.add(step)
        waiting += _needs(name, extras)
    yield from (
        f"{name} is needed by nothing" for name in sorted(set(pins) - {n for n, _ in reached})
    )


def _needs(name: str, extras: frozenset[str]) -> list[tuple[str, frozenset[str]]]:
    try:
        lines = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    needs = []
    for requirement in map(Requirement, lines):
        asked = re.findall(r'extra == "([^"]+)"', str(requirement.marker or ""))
        if not asked or extras & {str(canonicalize_name(extra)) for extra in asked}:
            needs.append((str(canonicalize_name(requirement.name)), frozenset(requirement.extras)))
    return needs
