"""Marks that were held are told to their participants."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user

from lms.assignments.services import releasing
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.gradebook import queries
from lms.gradebook.queries import Asked
from lms.gradebook.views.page import bp
from lms.learning.queries.teaching import cohorts_and_chosen, taught_course
from lms.web.access import role
from lms.web.request_limits import row_number

AT_ONCE = 20
"""Marks per transaction, so that nobody waits long for the database."""


@bp.post("/teach/courses/<slug>/gradebook/release")
@role("instructor", "admin")
def release(slug: str) -> Any:
    """Of one assignment, for the whole course or one of its cohorts. Sent twice, they are told once."""
    course, _revision = taught_course(slug, current_user) or abort(404)
    _runs, cohort_id = cohorts_and_chosen(course.id, request.form.get("cohort", type=row_number))
    item_id = request.form.get("item", 0, type=row_number)
    held, released = queries.held_submissions(Asked(course.id, cohort_id), item_id), 0
    for first in range(0, len(held), AT_ONCE):
        released += releasing.release_marks(held[first : first + AT_ONCE], actor_id=current_user.id, now=clock.now())
        db.session.commit()
    if released:
        flash(ngettext("%(num)s mark was released.", "%(num)s marks were released.", released), "done")
    else:
        flash(_("No mark was held here: nothing was changed."))
    return redirect(url_for(".page", slug=slug, cohort=cohort_id), 303)
