"""The pages of records: one's own training, the public check, issuing for instructors, all of them for admins."""

from lms.records.views import admin, instructor, learner, verifying
from lms.records.views.verifying import bp

__all__ = ["admin", "blueprints", "instructor", "learner", "verifying"]

blueprints = [bp]
