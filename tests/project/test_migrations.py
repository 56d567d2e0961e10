"""The migrations say the same as the models, and what they import is known."""

import ast

import pytest
from django.core.management import call_command

from portal.runtime import stack
from tests import migrated

_APPS = {"portal", "merchants", "journeys", "campaigns"}


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_kept_database_follows_from_all_that_migrations_import() -> None:
    imported = set()
    for path in stack.PROJECT.glob("*/migrations/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                imported |= {f"{node.module}.{one.name}" for one in node.names}
            elif isinstance(node, ast.Import):
                imported |= {one.name for one in node.names}
    files = {_file_of(name) for name in imported if name.split(".")[0] in _APPS}
    assert files - {""} == set(migrated.TOOLS)


def _file_of(name: str) -> str:
    """The module that `from module import name` reads: the module itself, or one of a package."""
    for module in (name, name.rpartition(".")[0]):
        path = module.replace(".", "/") + ".py"
        if (stack.PROJECT / path).is_file():
            return path
    return ""
