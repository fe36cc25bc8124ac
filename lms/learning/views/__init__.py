"""Pages of a course and its items for learners; participants and marks for instructors."""

from lms.learning.views import instructor, items, learner, marks, media, preview, study_plan

__all__ = ["blueprints", "items", "marks", "media", "preview", "study_plan"]

blueprints = [learner.bp, instructor.bp]
