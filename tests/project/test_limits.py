"""Sizes: a file, a function, a task and a view stay small enough to be read in one go."""

import ast
import tomllib

from tests.project import house

FILE_LINES = 400
FUNCTION_LINES = 50
TASK_LINES = 10


def _lines(first: ast.stmt, last: ast.stmt) -> int:
    return (last.end_lineno or last.lineno) - first.lineno + 1


def test_files() -> None:
    files = [*house.all_files(), *house.templates(), *(house.ROOT / "static/js").rglob("*.js")]
    counts = {house.name(file): len(file.read_text("utf-8").splitlines()) for file in files}
    assert {name: count for name, count in counts.items() if count > FILE_LINES} == {}


def test_functions() -> None:
    long = [
        f"{house.name(file)}:{function.lineno} {function.name}"
        for file in house.all_files()
        for function in house.functions(file)
        if _lines(function, function) > FUNCTION_LINES
    ]
    house.assert_none(long)


def _body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """A function's statements without its docstring."""
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def test_celery_tasks() -> None:
    tasks = [
        (file, function)
        for file in house.code_files()
        for function in house.functions(file)
        if house.decorators(function) & {"shared_task", "task"}
    ]
    misplaced = {house.name(file) for file, _function in tasks if file.name != "tasks.py"}
    long = [
        f"{house.name(file)}:{function.lineno} {function.name}"
        for file, function in tasks
        if (body := _body(function)) and _lines(body[0], body[-1]) > TASK_LINES
    ]
    assert misplaced == set(), "tasks stand in tasks.py of the app's porch"
    house.assert_none(long)


def test_ruff_holds_complexity_and_line_length() -> None:
    settings = tomllib.loads((house.ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]
    assert settings["line-length"] == 100
    assert settings["lint"]["mccabe"]["max-complexity"] == 8
    assert {"E", "F", "C90"} <= set(settings["lint"]["select"])
    given_up = set(settings["lint"]["ignore"]).union(*settings["lint"]["per-file-ignores"].values())
    assert given_up & {"E501", "E", "F", "C90", "C901"} == set()
