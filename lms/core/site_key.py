"""The site's secret, for what is kept as a hash under a key."""

from __future__ import annotations

from flask import current_app


def site_key() -> str:
    """``LMS_SECRET_KEY``. Whoever changes it voids all one-time codes and signs everybody out."""
    key = current_app.secret_key
    assert isinstance(key, str)
    return key
