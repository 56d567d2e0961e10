"""A portal's folder of its own for each test."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.runtime import stack


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[stack.House]:
    # Not below tmp_path: the path of a socket must be short.
    elsewhere = Path(tempfile.mkdtemp(prefix="portal-elsewhere-"))
    monkeypatch.setattr(stack, "ELSEWHERE", elsewhere)
    made = stack.House(tmp_path / "var")
    made.make()
    yield made
    shutil.rmtree(elsewhere)
