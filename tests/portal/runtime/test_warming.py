"""What the web server makes ready before it forks."""

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
