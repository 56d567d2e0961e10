"""What the settings refuse before anything starts."""

import base64
import os
import subprocess
import sys

import pytest

KEY = base64.b64encode(b"k" * 32).decode()


def started_with(**changes: str) -> str:
    """The last line of what a start with these values says; "" where it goes on."""
    ran = subprocess.run(
        [sys.executable, "-c", "import portal.settings"],
        env={**os.environ, **changes}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "" if ran.returncode == 0 else ran.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("keys", [KEY, f"1:{KEY}", f"1:{KEY},2:{KEY}", f"2:{KEY},1:{KEY}"])
def test_a_start_with_the_first_key_of_indexes(keys: str) -> None:
    assert started_with(BLIND_INDEX_KEY=keys) == ""


def test_without_the_first_key_of_indexes_nothing_starts() -> None:
    """Refused phones and erased numbers are known by it alone."""
    said = started_with(BLIND_INDEX_KEY=f"2:{KEY}")
    assert "BLIND_INDEX_KEY must still name key 1" in said
    assert started_with(FIELD_KEYS=f"2:{KEY}") == ""
