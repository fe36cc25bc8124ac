"""Compression of responses. ``make bench`` compresses its limit with the same settings."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress


def set_up(app: Flask) -> None:
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_BR_WINDOW=16,  # 64 KiB. The default of 4 MiB takes three times as long with lms.core.memory's settings
        COMPRESS_MIMETYPES=["text/html", "application/json", "image/svg+xml", "text/plain"],
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,  # lms.web.headers does, before anything is compressed
    )
    Compress(app)
