"""Input about meetings and attendance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import HiddenField, StringField
from wtforms.validators import Optional

from lms.attendance.meetings import GIVEN, Status
from lms.attendance.queries import Attendee
from lms.attendance.services.marking import NewAttendance
from lms.core.i18n import lazy
from lms.lib.digits import whole_number
from lms.web.fields import Form, SiteMoment, at_most, one_line

MAX_CODE_LENGTH = 20
ALL_PRESENT = "all-present"


class CheckInForm(Form):
    code = StringField(
        lazy("Attendance code"),
        [at_most(MAX_CODE_LENGTH)],
        [one_line],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class MeetingForm(Form):
    starts_at = SiteMoment(lazy("Begins"), [Optional()])
    place = StringField(lazy("Place"), [Optional(), at_most(200)], [one_line])
    seen = HiddenField()
    """The number of the newest change that the page showed: a double click adds nothing twice."""

    @property
    def seen_number(self) -> int:
        return whole_number(self.seen.data or "") or 0


def new_marks(sent: Mapping[str, str], attendees: Iterable[Attendee], *, all_present: bool) -> list[NewAttendance]:
    """What the page of a meeting has sent that is not what is stored.

    :param all_present: those for whom nothing was chosen and nothing is stored were there.
    """
    found = []
    for one in attendees:
        status = _status(sent.get(f"status-{one.enrolment_id}", ""))
        if status is None and all_present and not one.status:
            status = "present"
        seen = whole_number(sent.get(f"seen-{one.enrolment_id}", ""))
        if status is not None and seen is not None and status != one.status:
            found.append(NewAttendance(one.enrolment_id, status, seen))
    return found


def _status(text: str) -> Status | None:
    return next((one for one in GIVEN if one == text), None)
