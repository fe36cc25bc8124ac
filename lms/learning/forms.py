"""When a learner means to learn."""

from __future__ import annotations

from wtforms import SelectField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, weekdays
from lms.learning.study_plan import MINUTES, USUAL_MINUTES
from lms.web.fields import Form, options


class StudyPlanForm(Form):
    """Sent by GET: nothing is stored."""

    class Meta(Form.Meta):
        csrf = False

    days = SelectMultipleField(
        lazy("On which days?"),
        [InputRequired(lazy("Choose at least one day."))],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    at = TimeField(lazy("At what time?"), [InputRequired()], format=["%H:%M", "%H.%M", "%H:%M:%S"])
    minutes = SelectField(
        lazy("How long each time?"),
        [InputRequired()],
        coerce=int,
        default=USUAL_MINUTES,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.days.choices = options(list(enumerate(weekdays())))
        self.minutes.choices = options([(number, _("%(n)s minutes", n=number)) for number in MINUTES])
