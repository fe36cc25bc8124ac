"""Signing in and out, passwords, one-time codes, and the account page."""

from __future__ import annotations

from lms.auth.views import account, codes, passwords, proof, second_factor, sign_in
from lms.auth.views.shared import bp

__all__ = ["account", "blueprints", "codes", "passwords", "proof", "second_factor", "sign_in"]

blueprints = [bp]
