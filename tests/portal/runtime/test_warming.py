"""What the web server makes ready before it forks."""

import gc

import pytest
from django.conf import settings
from django.template import engines

from portal.runtime import warming


def test_it_compiles_every_template_of_the_house_and_keeps_it() -> None:
    files = list((settings.BASE_DIR / "templates").rglob("*.html"))
    assert warming.warm() == len(files) > 100
    first = engines["django"].get_template("base.html").template
    assert engines["django"].get_template("base.html").template is first


def test_it_asks_no_database() -> None:
    # Without the mark for it, a question to the database fails this test.
    warming.warm()


def test_what_is_kept_for_ever_is_not_looked_through_again() -> None:
    before = gc.get_freeze_count()
    try:
        warming.set_aside()
        assert gc.get_freeze_count() > max(before, 10_000)
    finally:
        gc.unfreeze()


def test_the_web_server_sets_it_aside_before_it_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "1")  # its import makes no folder of counts
    from portal.runtime import webserver

    done: list[str] = []
    monkeypatch.setattr(warming, "warm", lambda: done.append("warm"))
    monkeypatch.setattr(warming, "set_aside", lambda: done.append("set aside"))
    webserver.when_ready(None)
    assert done == ["warm", "set aside"]
