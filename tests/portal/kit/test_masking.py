"""Numbers of persons found in free text."""

import pytest

from portal.kit import masking


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("call 13812345678 now", "call 138****5678 now"),
        ("+8613812345678", "+86138****5678"),
        ("008613812345678", "0086138****5678"),
        ("+86 138-1234-5678", "+86 138****5678"),
        ("138 1234 5678", "138****5678"),
        ("/find/%2B8613812345678/", "/find/%2B86138****5678/"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("id 11010519491231002X.", "id 110***********002X."),
        ("card 6225881234567890", "card 622588******7890"),
        ("card 6225 8812 3456 7890", "card 6225 88******7890"),
        ("card 6225-8812-3456-7890-123", "card 6225-88******7890"),
        ("to li.lei+bank@example.com", "to l***@example.com"),
    ],
)
def test_numbers_of_persons_are_masked(text: str, masked: str) -> None:
    assert masking.mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-02 12:00:00",
        "from 2026-03-02 to 2026-03-09",
        "run 1234567890 of 20000 customers",
        "12812345678",
        "1381234567",
        "amount 1234567.89",
        "622588******7890",
        "celery@worker-1 is ready",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert masking.mask_text(text) == text
