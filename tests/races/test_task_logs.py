"""What a real worker writes about tasks that fail, or that it does not know, holds no number."""

import pytest

from tests.processes import Processes, wait_until

PHONE, ID_NUMBER = "13912345678", "44030519880615003X"
EMAIL = "wang.xiaoming@mail.example.cn"


@pytest.mark.django_db(transaction=True)
def test_the_log_of_a_worker_masks_arguments_and_errors() -> None:
    with Processes() as processes:
        worker = processes.start_worker()
        # Celery writes the whole body of a message that it does not know.
        processes.send_task("nobody.knows_this", PHONE, ID_NUMBER, EMAIL)
        # A task of ours that fails with its argument in the words of the error.
        processes.send_task("journeys.send_due_messages", f"{PHONE} {EMAIL}")
        processes.send_task("portal.import_upload", f"{PHONE} {EMAIL} {ID_NUMBER}")

        def is_told() -> bool:
            log = processes.log_of(worker)
            return "nobody.knows_this" in log and log.count("raised unexpected") == 2

        wait_until(is_told, 60, "three errors in the log")
        log = processes.log_of(worker)
    assert [secret for secret in (PHONE, ID_NUMBER, EMAIL) if secret in log] == []
    assert "139****5678" in log
