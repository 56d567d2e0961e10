"""Making a file of a list or of figures."""

from portal.exports.operations.making import (
    ExportRefused,
    Made,
    NotAllowed,
    TooManyRows,
    make_export,
)

__all__ = ["ExportRefused", "Made", "NotAllowed", "TooManyRows", "make_export"]
