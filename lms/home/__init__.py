"""Home pages for visitors, learners, instructors and admins."""
