"""Joining a course, and looking after who is in it."""

from lms.enrolment.views import admin, learner

blueprints = [learner.bp, admin.bp]
