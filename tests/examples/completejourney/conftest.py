"""The folders of the data: a sample of invented rows, and the data itself where it is at hand."""

from pathlib import Path

import pytest
from django.conf import settings

SAMPLE = Path(__file__).parent / "sample"
_PLACE = "shared/data/completejourney"


def _data() -> Path:
    for above in settings.BASE_DIR.parents:
        if (above / _PLACE).exists():
            return above / _PLACE
    pytest.skip(f"the Complete Journey data is not at hand (../{_PLACE})")


@pytest.fixture
def data() -> Path:
    """The data itself."""
    return _data()


@pytest.fixture(params=["sample", "data"])
def folder(request: pytest.FixtureRequest) -> Path:
    """Each of the two."""
    return SAMPLE if request.param == "sample" else _data()
