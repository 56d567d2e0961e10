"""The files are read as they were written: a sample of invented rows, and packed texts."""

import datetime as dt
from pathlib import Path

import pytest

from examples.completejourney import parquet, plain, zstandard

SAMPLE = Path(__file__).parent / "sample"
WORDS = b" ".join(
    f"customer {n * n % 97} spent {n * 7919 % 1000} yuan".encode() for n in range(400)
)
SKEWED = bytes((n * n * 31 + n // 7) % (1 + n % 23) for n in range(6000))


@pytest.mark.parametrize(("name", "text"), [("words", WORDS), ("skewed", SKEWED)])
def test_what_was_packed_is_unpacked(name: str, text: bytes) -> None:
    assert zstandard.unpack((SAMPLE / f"{name}.zst").read_bytes()) == text


@pytest.mark.parametrize(("packed", "text"), [
    ("28b52ffd2000010000", b""),
    ("28b52ffd200421000063617264", b"card"),
    # A block of one byte, repeated.
    ("28b52ffd200523000061", b"aaaa"),
])  # fmt: skip
def test_blocks_as_they_are_and_repeated(packed: str, text: bytes) -> None:
    assert zstandard.unpack(bytes.fromhex(packed)) == text


def test_a_frame_that_is_cut_or_another_thing_is_refused() -> None:
    whole = (SAMPLE / "words.zst").read_bytes()
    for data in (b"", b"PAR1", whole[:4], whole[:100], whole[: len(whole) // 2]):
        with pytest.raises(zstandard.Broken):
            zstandard.unpack(data)


def test_the_sample_is_read_with_its_days() -> None:
    campaigns = plain.campaigns(SAMPLE)
    assert [one.number for one in campaigns] == [1, 2, 3, 4, 5]
    assert campaigns[0] == plain.Campaign(1, "Type B", dt.date(2017, 1, 22), dt.date(2017, 2, 23))
    come = plain.redemptions(SAMPLE)
    assert len(come) == 318
    spans = {one.number: (one.first, one.last) for one in campaigns}
    assert all(spans[one.campaign][0] <= one.day <= spans[one.campaign][1] for one in come)
    (first, *_rest) = parquet.rows(SAMPLE / "coupon_redemptions.parquet")
    assert list(first) == ["household_id", "coupon_upc", "campaign_id", "redemption_date"]


def test_another_file_is_told(tmp_path: Path) -> None:
    (tmp_path / plain.CAMPAIGNS).write_bytes(b"campaign_id,campaign_type")
    with pytest.raises(plain.Unreadable, match="this is no Parquet file"):
        plain.campaigns(tmp_path)
