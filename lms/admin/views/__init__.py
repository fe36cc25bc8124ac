"""Pages for settings, the activity log and rights."""

from __future__ import annotations

from lms.admin.views import rights, site
from lms.admin.views.shared import bp

__all__ = ["blueprints", "rights", "site"]

blueprints = [bp]
