"""The house as files: what the tests of its order walk through."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("portal", "merchants", "journeys", "campaigns")

# From the outside in; a room may import only those after it (see ARCHITECTURE.md).
ROOMS = (
    "urls", "views", "panels", "intake", "exports", "forms", "operations", "access", "queries",
    "models", "channels", "rules", "enums",
)  # fmt: skip

# What may stand in an app beside its topics.
PORCH = {
    "apps", "models", "tasks", "admin", "urls", "migrations", "management", "templatetags", "demo",
}  # fmt: skip

# Folders of portal that are tools rather than topics, and its modules that Django and Celery name.
TOOLS = {"kit", "runtime"}
FRAME = {"settings", "schedule", "celery", "wsgi", "asgi"}


def python_files(*folders: str) -> list[Path]:
    """Every Python file below the folders, generated migrations left out."""
    found = (file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return sorted(file for file in found if "migrations" not in file.parts)


def code_files() -> list[Path]:
    """The product's own code."""
    return python_files(*APPS)


def all_files() -> list[Path]:
    """Code, tests, measurements, examples."""
    return python_files(*APPS, "tests", "benchmarks", "examples")


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


@functools.cache
def tree(file: Path) -> ast.Module:
    """The file's syntax tree, read once per test run."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def name(file: Path) -> str:
    """The file's path as people write it."""
    return file.relative_to(ROOT).as_posix()


def topics(app: str) -> Iterator[Path]:
    """The topic folders of an app."""
    for folder in sorted((ROOT / app).iterdir()):
        beside = PORCH | (TOOLS if app == "portal" else set())
        if (folder / "__init__.py").exists() and folder.name not in beside:
            yield folder


def room_of(file: Path) -> str | None:
    """The room of a topic in which a file stands; None for porch, tools and `__init__`."""
    app, *rest = file.relative_to(ROOT).parts
    if app not in APPS or len(rest) < 2 or rest[0] in PORCH or rest[0] in TOOLS:
        return None
    return rest[1].removesuffix(".py") if rest[1] != "__init__.py" else None


def files_in(*rooms: str) -> list[Path]:
    """The files of the rooms named, in every topic."""
    return [file for file in code_files() if room_of(file) in rooms]


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods and inner functions included."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def public_functions(file: Path) -> Iterator[ast.FunctionDef]:
    """The functions that a module offers to others."""
    for node in tree(file).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def decorators(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The last names of a function's decorators: `@access.requires(...)` is "requires"."""
    called = (node.func if isinstance(node, ast.Call) else node for node in function.decorator_list)
    return {ast.unparse(node).rpartition(".")[2] for node in called}


def imported(file: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a file imports: "portal.staff.models.Staff"."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def assert_none(found: list[str], advice: str = "") -> None:
    """This will fail with one line for each place that was found."""
    assert not found, "\n".join([advice, *found])
