"""Modules: reading them, and recording that they were read.

What is the same for all readers is a cached fragment; the template adds what is their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import current_app, redirect, render_template, request, url_for
from markupsafe import Markup

from lms.core.db import db
from lms.core.i18n import language_code
from lms.courses.contents import Contents
from lms.learning import queries, services
from lms.learning.queries import ItemAccess, ItemContext
from lms.learning.states import ItemRow
from lms.web import form_recovery


class ModuleText(NamedTuple):
    """A module's rendered text. ``by_reading``: a script completes it at the end of the text."""

    html: Markup
    can_complete: bool
    by_reading: bool


def show_module(access: ItemAccess) -> Any:
    """GET shows the module; POST records that it was read to the end."""
    if request.method != "POST":
        return _page(access)
    context = queries.item_context(access)
    if access.item.counts:
        services.record_read(context.enrolment_id, context.item_revision, now=access.now)
    db.session.commit()
    if form_recovery.wants_json():
        return {"state": "done"}
    return redirect(_next_page(context))


def _next_page(context: ItemContext) -> str:
    """The next item; after the last one the result page of the course, or the course page."""
    if context.next:
        return url_for("learning.item", slug=context.course_slug, item=context.next.slug)
    if queries.completion_of(context.enrolment_id):
        return url_for("records.finish", slug=context.course_slug)
    return url_for("learning.course", slug=context.course_slug)


def _page(access: ItemAccess) -> str:
    items, position, is_done = access.contents.items, access.item.position, access.row.is_done
    text = _cached(access.contents, ("text", position, is_done), lambda: _text(access, is_done))
    return render_template(
        "learning/module.html",
        item=access.item,
        text=text,
        is_done=is_done,
        context={
            "course_slug": access.course_slug,
            "before": items[position - 2] if position > 1 else None,
            "next": items[position] if position < len(items) else None,
        },
        left=sum(not row.is_done for row in access.rows),
        outline=[_line(access, row) for row in access.rows],
    )


def _cached(contents: Contents, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """The fragment for ``key`` in the page's language, cached with the contents: a revision never changes."""
    key = (*key, language_code())
    if key not in contents.fragments:
        contents.fragments[key] = make()
    return contents.fragments[key]


def _text(access: ItemAccess, is_done: bool) -> ModuleText:
    html = render_template(
        "learning/_module_text.html",
        context={
            "course_slug": access.course_slug,
            "course_title": access.course_title,
            "item_revision": queries.item_revision(access.item),
            "total": len(access.contents.items),
        },
        can_complete=access.item.counts,
        is_done=is_done,
    )
    return ModuleText(Markup(html), access.item.counts, access.item.completes_by == "read")  # noqa: S704


def _line(access: ItemAccess, row: ItemRow) -> Markup:
    """An item in the outline."""
    state = row.item is access.item, row.lock is not None, row.is_done

    def make() -> Markup:
        template: Any = current_app.jinja_env.get_template("learning/_parts.html").module
        return Markup(template.outline_line(access.course_slug, row.item, *state))  # noqa: S704

    line: Markup = _cached(access.contents, ("line", row.item.position, *state), make)
    return line
