"""Pages: the board of admins, a head's team, what is done to the names found there, reports of a year, and files."""

from __future__ import annotations

from lms.reports.views import actions, board, files, yearly
from lms.reports.views.viewer import bp

blueprints = [bp]
__all__ = ["actions", "blueprints", "board", "files", "yearly"]
