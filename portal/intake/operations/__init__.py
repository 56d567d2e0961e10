"""Import of files and rows: one path for both, all in one transaction with its batch row. Uploads
and the JSON API lead to it."""

from portal.intake.operations.calls import (
    TAKEN,
    Busy,
    KeyUsedOtherwise,
    receive_rows,
    record_access,
)
from portal.intake.operations.forgetting import is_being_read, remove_files
from portal.intake.operations.importing import (
    find_kind,
    hold_imports,
    import_file,
    import_rows,
)
from portal.intake.operations.mapped import MadeRow, explain_mapping, import_mapped, load_mapping
from portal.intake.operations.tokens import MOST_DAYS, TokenRefused, create_token, revoke_token
from portal.intake.operations.uploads import (
    UploadNotReady,
    receive_file,
    start_import,
    sweep_uploads,
)
from portal.intake.operations.uses import note_use, write_uses
from portal.intake.operations.working import work_upload

__all__ = [
    "MOST_DAYS", "TAKEN", "Busy", "KeyUsedOtherwise", "MadeRow", "TokenRefused", "UploadNotReady",
    "create_token", "explain_mapping", "find_kind", "hold_imports", "import_file", "import_mapped",
    "import_rows", "is_being_read", "load_mapping", "note_use", "receive_file", "receive_rows",
    "record_access", "remove_files", "revoke_token", "start_import", "sweep_uploads", "work_upload",
    "write_uses",
]  # fmt: skip
