"""Import of files and rows: one path for both, all in one transaction with its batch row."""

from portal.intake.operations.importing import find_kind, import_file, import_rows

__all__ = ["find_kind", "import_file", "import_rows"]
