"""manage.py rotate_keys: bring everything that older keys sealed under the keys in use."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from portal.kit import clock, rotation, sealed
from portal.kit.fields import SealedTable, sealed_tables
from portal.kit.registry import registry
from portal.staff.operations import second_factors

_EVERY_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Seal anew, by the key in use, what older keys sealed, and make blind indexes anew. May be "
        "stopped at any moment and begun again, while imports and sending go on. See README, Keys."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only tell how many rows each key still seals"
        )
        parser.add_argument(
            "--batch", type=int, default=rotation.BATCH, help="rows written at a time"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """This will rotate, or only count; it ends with 1 where an older key is still needed."""
        if options["batch"] < 1:
            raise CommandError("A batch has at least one row.")
        self.stdout.write(
            f"Keys in use: {sealed.key_in_use()} seals, {sealed.index_key_in_use()} indexes."
        )
        if not options["check"]:
            self._rotate(options["batch"])
        if not self._count():
            raise SystemExit(1)

    def _rotate(self, batch: int) -> None:
        done: dict[str, int] = {}
        for table in sealed_tables():
            outcome = rotation.rotate(table, progress=self._progress(table), batch=batch)
            done[table.name] = outcome.done
            self._tell(table.name, outcome.done, outcome.left, outcome.broken)
        for store in registry.sealed_stores:
            number, left, broken = store.rotate()
            done[store.name] = number
            self._tell(store.name, number, left, broken)
        if any(done.values()):
            second_factors.record_rotation(rows=done, at=clock.now())

    def _progress(self, table: SealedTable) -> rotation.Progress:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(max({table.key}), 0) FROM {table.name}")
            end = cursor.fetchone()[0]
        started = told = time.monotonic()

        def tell(last: int, done: int) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told >= _EVERY_SECONDS:
                told = now
                share, rate = 100 * last / max(end, 1), done / (now - started)
                self.stderr.write(f"{table.name}: {share:.0f} %, {done} rows, {rate:.0f} rows/s")
                self.stderr.flush()

        return tell

    def _tell(self, name: str, done: int, left: int, broken: set[int]) -> None:
        self.stdout.write(f"{name}: {done} rows sealed anew")
        if left:
            self.stdout.write(f"{name}: {left} rows are held by others; run this again")
        for key in sorted(broken)[:20]:
            self.stdout.write(f"{name}: row {key} does not open under any key that is named")

    def _count(self) -> bool:
        """Tells what each key still seals; whether only the keys in use are needed."""
        is_over = True
        for table in sealed_tables():
            for column, counts in rotation.count_by_key(table).items():
                is_index = column.endswith("_index")
                used = sealed.index_key_in_use() if is_index else sealed.key_in_use()
                is_over &= self._count_of(f"{table.name}.{column}", counts, used)
        for store in registry.sealed_stores:
            is_over &= self._count_of(store.name, store.count_by_key(), sealed.key_in_use())
        self.stdout.write(
            "Only the keys in use are needed; older ones may be taken out."
            if is_over
            else "Older keys are still needed: do not take them out."
        )
        return is_over

    def _count_of(self, name: str, counts: dict[int, int], used: int) -> bool:
        told = ", ".join(f"key {key}: {number} rows" for key, number in sorted(counts.items()))
        self.stdout.write(f"{name}: {told or 'no rows'}")
        return set(counts) <= {used}
