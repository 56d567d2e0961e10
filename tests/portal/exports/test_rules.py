"""Codes and fingerprints as people type them."""

import pytest

from portal.exports import rules


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7KQF3MXD", "7KQF3MXD"),
        (" 7kqf-3mxd ", "7KQF3MXD"),
        ("7KQF 3MXD", "7KQF3MXD"),
        ("7KQF-3MX", ""),
        ("7KQF-3MXD9", ""),
        ("七KQF3MXD", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_back(text: str, code: str) -> None:
    assert rules.code_in(text) == code


def test_a_code_is_written_in_two_groups() -> None:
    assert rules.spelled("7KQF3MXD") == "7KQF-3MXD"


@pytest.mark.parametrize(
    ("text", "found"),
    [("A" * 64, "a" * 64), (f" {'0' * 32}\n{'f' * 32}", "0" * 32 + "f" * 32), ("a" * 63, "")],
)
def test_a_fingerprint_is_read_back(text: str, found: str) -> None:
    assert rules.sha256_in(text) == found
