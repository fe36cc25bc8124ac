"""Answers are compressed on their way out; ``make bench`` compresses its limit by the same settings."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress


def set_up(app: Flask) -> None:
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_BR_WINDOW=16,  # 64 KiB. The usual 4 MiB cost three times as much where large blocks are given back
        COMPRESS_MIMETYPES=["text/html", "application/json", "image/svg+xml", "text/plain"],
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,  # lms.web.headers does, before it costs a compression
    )
    Compress(app)
