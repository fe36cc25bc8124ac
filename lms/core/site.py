"""The site as a whole: its secret key and its absolute addresses."""

from __future__ import annotations

from flask import current_app


def site_key() -> str:
    """``LMS_SECRET_KEY``. Changing it invalidates all one-time codes and signs everyone out."""
    key = current_app.secret_key
    assert isinstance(key, str)
    return key


def absolute_url(path: str) -> str:
    """``path`` with the site's scheme and host, for what leaves the site: printed pages, mails, shared links."""
    return f"{current_app.config['BASE_URL']}{path}"
