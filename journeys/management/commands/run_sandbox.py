"""`manage.py run_sandbox`: the practice gateways for demos and tests."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from journeys.sandbox import intake


class Command(BaseCommand):
    help = "Run a mailbox (SMTP) and an SMS gateway (HTTP) that keep messages for a page to show."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--faults",
            action="store_true",
            help="refuse numbers and addresses ending in 0000, be busy for 1111, silent for 2222, "
            "and lose the receipts of 3333",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        smtp_port, http_port = settings.SANDBOX_SMTP_PORT, settings.SANDBOX_HTTP_PORT
        if not smtp_port or not http_port:
            raise CommandError("Set SANDBOX_SMTP_PORT and SANDBOX_HTTP_PORT to two free ports.")
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        try:
            with intake.practice_gateways(
                smtp_port=smtp_port, http_port=http_port, has_faults=options["faults"]
            ):
                self.stdout.write(
                    f"Practice gateways: SMTP on port {smtp_port}, HTTP on port {http_port}."
                )
                self.stdout.flush()
                stop.wait()
        except OSError as error:
            raise CommandError(
                f"The practice gateways cannot listen on ports {smtp_port} and {http_port} "
                f"({error.strerror}). Stop what uses them, or choose other ports."
            ) from error
