"""What reading a damaged ZIP raises: ``zipfile`` names few of them."""

from __future__ import annotations

import zipfile
import zlib
from struct import error as StructError

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    StructError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
