"""Pages: the admins' board and the head's team page, actions on the people found there, yearly reports, files."""

from __future__ import annotations

from lms.reports.views import actions, board, files, need, summary, yearly
from lms.reports.views.viewer import bp

blueprints = [bp]
__all__ = ["actions", "blueprints", "board", "files", "need", "summary", "yearly"]
