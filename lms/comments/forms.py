"""Input of graders about their comments."""

from __future__ import annotations

from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired

from lms.comments.models import MAX_COMMENT_LENGTH
from lms.comments.queries import CourseChoice
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.web.fields import Form, at_most, id_or_none, options, unix_line_ends


class SavedCommentForm(Form):
    text = TextAreaField(
        lazy("Comment"), [DataRequired(lazy("Please write a comment.")), at_most(MAX_COMMENT_LENGTH)], [unix_line_ends]
    )
    course = SelectField(lazy("Offered in"), coerce=id_or_none)

    def offer(self, courses: list[CourseChoice]) -> None:
        self.course.choices = options(courses, first=_("All my courses"))
