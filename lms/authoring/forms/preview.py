"""As whom, when and in which revision a course is previewed."""

from __future__ import annotations

from wtforms import SelectField, TimeField
from wtforms.validators import InputRequired

from lms.core.i18n import lazy
from lms.web.fields import Choices, Day, Form, options

DRAFT = "draft"


class PreviewForm(Form):
    revision = SelectField(lazy("Revision"))
    on = Day(lazy("Day"), [InputRequired()])
    at = TimeField(lazy("Time of day"), [InputRequired()], format=["%H:%M", "%H.%M", "%H:%M:%S"])
    cohort = SelectField(lazy("As a person of"), default="")

    def __init__(self, revisions: Choices, cohorts: Choices, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.revision.choices, self.cohort.choices = options(revisions), options(cohorts)
