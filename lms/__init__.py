"""The learning platform. ``lms.app`` makes the application of its packages."""
