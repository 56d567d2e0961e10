"""The upload page in a real browser: a file chosen, its progress polled, the import asked."""

import pytest
from playwright.sync_api import expect

from journeys.models import Transaction
from portal.intake import operations
from portal.models import Upload
from portal.staff.enums import Role
from tests.browser.checks import faults_of, visit
from tests.browser.conftest import OpenPage
from tests.factories.intake import AT, make_bank

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = (
    "reference,card,amount,posted_date,merchant,channel,kind\n"
    "T1,K1,10.00,2026-03-05,M1,,\nT2,K9,20.00,2026-03-04,,,\n"
)


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1280), ("en", 390)])
def test_a_file_from_choice_to_import(open_page: OpenPage, language: str, width: int) -> None:
    make_bank()
    page = open_page(Role.CAMPAIGN_MANAGER, language=language, width=width)
    visit(page, "/imports/upload/")
    page.get_by_role("combobox").select_option("transactions")
    file = {"name": "march.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("main form[enctype] button[type=submit]").click()
    expect(page.locator("progress")).to_be_visible()
    assert faults_of(page) == []
    upload = Upload.objects.get()
    operations.work_upload(upload_id=upload.pk, at=AT)
    # The polled part finds that the check is over and loads the page anew.
    button = page.locator(f"form[action='/imports/upload/{upload.pk}/import/'] button")
    expect(button).to_be_visible()
    assert faults_of(page) == []
    button.click()
    expect(page.locator("progress")).to_be_visible()
    operations.work_upload(upload_id=upload.pk, at=AT)
    expect(page.locator(f"a[href='/imports/upload/{upload.pk}/errors/']")).to_be_visible()
    assert faults_of(page) == []
    assert Transaction.objects.count() == 1
    visit(page, "/imports/")
    visit(page, "/imports/upload/")
