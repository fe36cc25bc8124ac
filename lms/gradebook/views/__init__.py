"""Views of gradebooks."""

from lms.gradebook.views import file, page, releasing
from lms.gradebook.views.page import bp

blueprints = (bp,)
__all__ = ["bp", "file", "page", "releasing"]
