"""For instructors: the code that participants type, on a page for the screen of the room."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from lms.attendance import codes, queries
from lms.attendance.services import checking_in
from lms.attendance.views.instructor import taught_meeting
from lms.attendance.views.learner import bp
from lms.core import clock
from lms.core.db import db
from lms.core.site import absolute_url
from lms.enrolment import queries as enrolments
from lms.web.access import role


@bp.route("/teach/courses/<slug>/attendance/<item>/cohorts/<int:cohort_id>/<int:meeting>/code", methods=["GET", "POST"])
@role("instructor", "admin")
def code(slug: str, item: str, cohort_id: int, meeting: int) -> Any:
    """Open and close the check-in. While it is open the page loads itself again with each new code."""
    at = taught_meeting(slug, item, cohort_id, meeting)
    item_id, now = at.taught.item.item_id, clock.now()
    if request.method == "POST":
        change = {"open": checking_in.open_check_in, "close": checking_in.close_check_in}.get(
            request.form.get("do", "")
        ) or abort(400)
        change(at.cohort, item_id, meeting, actor_id=current_user.id, now=now)
        db.session.commit()
        return redirect(url_for(".code", **at.address), 303)
    there = queries.check_ins(cohort_id, item_id).get(meeting)
    is_open = there is not None and now < there.closes_at
    shown = codes.code_at(there.secret, now) if there and is_open else ""
    address = absolute_url(url_for("learning.item", slug=slug, item=item, code=shown))
    counted = queries.counts(item_id, [cohort_id]).get((cohort_id, meeting), {})
    page = make_response(
        render_template(
            "attendance/code.html",
            at=at,
            course=at.taught.course,
            item=at.taught.item,
            code=shown,
            qr=_picture(address) if shown else "",
            address=absolute_url(url_for("learning.item", slug=slug, item=item)),
            closes_at=there.closes_at if there and is_open else None,
            is_reopened=there is not None,
            present=counted.get("present", 0),
            total=enrolments.places_taken(cohort_id),
        )
    )
    page.headers["Cache-Control"] = "private, no-store"
    if shown:
        page.headers["Refresh"] = str(min(codes.seconds_left(now), 20) + 1)
    return page


def _picture(address: str) -> str:
    import segno  # memory that most web processes do not need

    picture = segno.make(address, error="m", micro=False).svg_inline(light="#fff", border=2, omitsize=True)
    return str(picture)
