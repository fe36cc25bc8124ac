"""Signing in and out, passwords, one-time codes, the own account."""

from __future__ import annotations

from lms.auth.views import account, codes, passwords, sign_in
from lms.auth.views.shared import bp

__all__ = ["account", "blueprints", "codes", "passwords", "sign_in"]

blueprints = [bp]
