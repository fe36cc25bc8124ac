"""A course as a participant finds it: any revision or the draft, on any day, with the dates of any cohort.

Nothing that is opened here is recorded, and nothing can be answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from lms.authoring import queries, services
from lms.authoring.draft_contents import with_links_to
from lms.authoring.forms.preview import DRAFT, PreviewForm
from lms.authoring.services import Source, previewing
from lms.authoring.services.checking import NoPreview
from lms.authoring.services.previewing import PreviewedCourse
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.core import clock
from lms.core.i18n import at_site_time, say_date, to_site_time, zone
from lms.core.i18n import gettext as _
from lms.courses.models import Course
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Cohort
from lms.enrolment.windows import Window
from lms.learning.hooks import item_previews
from lms.learning.states import ItemRow, item_rows
from lms.web.access import role

NOON = "12:00"
"""The time of a day that is given without one, unless it is today."""


@dataclass(frozen=True)
class PreviewPage:
    """The settings in the bar, and the course as they say. ``params`` belong to every address of the preview."""

    form: PreviewForm
    course: PreviewedCourse
    label: str
    moment: datetime
    cohort: Cohort | None
    window: Window
    params: dict[str, str]
    rows: list[ItemRow]

    def at(self, moment: datetime) -> dict[str, str]:
        """The same at another moment."""
        here = to_site_time(moment)
        return self.params | {"on": here.date().isoformat(), "at": f"{here:%H:%M}"}


@bp.get("/teach/courses/<slug>/preview")
@role("instructor", "admin")
def preview_course(slug: str) -> Any:
    course, _revision = course_to_edit(slug)
    page = _page(course)
    text = _in_preview(page.course.description_html, slug, page)
    intros = {one.position: _in_preview(one.intro_html, slug, page) for one in page.course.contents.sections}
    return render_template("authoring/preview_course.html", course=course, page=page, description=text, intros=intros)


@bp.get("/teach/courses/<slug>/preview/<item>")
@role("instructor", "admin")
def preview_item(slug: str, item: str) -> Any:
    """Show the item. If it is locked, show what the participant is told; with ``open`` the item all the same."""
    course, _revision = course_to_edit(slug)
    page = _page(course)
    found = page.course.item(item)
    if found is None:
        return render_template("authoring/preview_missing.html", course=course, page=page, item=item), 404
    row = page.rows[found.position - 1]
    html = None
    if row.lock is None or "open" in request.args:
        html = _item_html(slug, page, row)
    closes_at = page.window.moment(found.closes, "closes")
    return render_template(
        "authoring/preview_item.html",
        course=course,
        page=page,
        item=found,
        row=row,
        html=html,
        closed_at=closes_at if closes_at and closes_at < page.moment else None,
        before=page.rows[found.position - 2].item if found.position > 1 else None,
        next=page.rows[found.position].item if found.position < len(page.rows) else None,
    )


def _item_html(slug: str, page: PreviewPage, row: ItemRow) -> Markup | None:
    """None for a type that this site lacks."""
    show = item_previews.get(row.item.type)
    if show is None:
        return None
    try:
        content, body = previewing.content_of(page.course, slug, row.item)
    except NoPreview:
        return Markup('<p class="note note--fail">{}</p>').format(_("This text takes too long to render."))
    return _in_preview(show(content, body, has_keys=False), slug, page)


def _page(course: Course) -> PreviewPage:
    """The settings in the address. By default: the draft or else the published revision, now, without a cohort."""
    now, draft = clock.now(), services.source(course.id)
    revisions = _revisions(course, draft.is_draft)
    if not revisions:
        abort(404)
    dated = [one.cohort for one in enrolments.cohorts_of_course(course.id) if one.cohort.starts_on]
    cohorts = {str(cohort.id): cohort for cohort in dated}
    form = _form(revisions, cohorts, now)
    is_sound = form.validate()
    chosen = form.revision.data if form.revision.data in revisions else next(iter(revisions))
    cohort = cohorts.get(form.cohort.data or "")
    moment = _moment(form, now) if is_sound else now
    window = previewing.window_of_cohort(cohort, at=moment, now=now, zone=zone())
    shown = _course(course, chosen, draft)
    here = to_site_time(moment)
    params = {"revision": chosen, "on": here.date().isoformat(), "at": f"{here:%H:%M}"}
    return PreviewPage(
        form=form,
        course=shown,
        label=revisions[chosen],
        moment=moment,
        cohort=cohort,
        window=window,
        params=params | ({"cohort": str(cohort.id)} if cohort else {}),
        rows=item_rows(shown.contents, {}, window, moment),
    )


def _revisions(course: Course, has_draft: bool) -> dict[str, str]:
    """The choices of revisions; the default is the first."""
    rows = sorted(queries.revisions(course.id), key=lambda row: not row.is_current)
    found = {DRAFT: _("Draft")} if has_draft else {}
    for row in rows:
        said = _("Revision %(number)s (published)") if row.is_current else _("Revision %(number)s")
        found[str(row.number)] = said % {"number": row.number}
    return found


def _form(revisions: dict[str, str], cohorts: dict[str, Cohort], now: datetime) -> PreviewForm:
    here, wanted = to_site_time(now), request.args
    today = here.date().isoformat()
    on = wanted.get("on") or today
    values = {
        "revision": wanted.get("revision") or next(iter(revisions)),
        "on": on,
        "at": wanted.get("at") or (f"{here:%H:%M}" if on == today else NOON),
        "cohort": wanted.get("cohort", ""),
    }
    offered = [("", _("no cohort: enrols today")), *((key, _cohort_name(one)) for key, one in cohorts.items())]
    return PreviewForm(list(revisions.items()), offered, formdata=MultiDict(values), meta={"csrf": False})


def _cohort_name(cohort: Cohort) -> str:
    return f"{cohort.name}, {say_date(cohort.starts_on)}" if cohort.name else say_date(cohort.starts_on)


def _moment(form: PreviewForm, now: datetime) -> datetime:
    """The chosen minute, or this second if it is the present minute."""
    moment = at_site_time(form.on.data, form.at.data)
    return now if moment == now.replace(second=0, microsecond=0) else moment


def _course(course: Course, chosen: str, draft: Source) -> PreviewedCourse:
    if chosen == DRAFT:
        return previewing.of_draft(course.slug, draft)
    return previewing.of_revision(queries.revision(course.id, int(chosen), current_user) or abort(404))


def _in_preview(html: str, slug: str, page: PreviewPage) -> Markup:
    """HTML whose links to items lead to their previews."""

    def address(item: str) -> str:
        values: dict[str, Any] = {"slug": slug, "item": item, **page.params}
        return str(escape(url_for(".preview_item", **values)))

    return Markup(with_links_to(html, slug, address))  # noqa: S704  (rendered content, and our templates)
