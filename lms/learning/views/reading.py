"""Modules: reading them, keeping the position, and recording that they were read.

What is the same for all readers is a cached fragment; the template adds what is their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from lms.content.items.base import Item
from lms.content.rendering.text_parts import TextParts
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import language_code, say_lately
from lms.courses import queries as courses
from lms.courses.contents import Contents
from lms.learning import queries, services, states
from lms.learning.queries import ItemAccess, ItemContext
from lms.learning.reading_position import PositionInText, position_in_text, sent_position
from lms.learning.states import ItemRow
from lms.learning.views import checking
from lms.web import form_recovery
from lms.web.fragments import macros


class ModuleText(NamedTuple):
    """What all readers of a module see."""

    head: Markup
    body: Markup
    parts: TextParts
    seconds: str
    """The reading time of the beginning and of each part, for the script."""


def preview(item: Item, body_html: str, *, has_keys: bool = True) -> str:
    return body_html


def show_module(access: ItemAccess) -> Any:
    """GET shows the module; POST records that it was read to the end, or with another field what its name says."""
    if checking.is_asked():
        return checking.answered(access.item.item_revision_id, lambda checked: _page(access, checked))
    if request.method != "POST":
        return _page(access)
    if "place" in request.form:
        return _save_position(access)
    if "unread" in request.form:
        return _take_back(access)
    context = queries.item_context(access)
    is_done = access.item.counts and services.record_read(
        context.enrolment_id, context.item_revision, by_script="by_script" in request.form, now=access.now
    )
    db.session.commit()
    if form_recovery.wants_json():
        if not is_done:
            return {"state": access.row.state}
        is_completed = queries.is_completed(context.enrolment_id)
        return {"state": "done", "said": _done_line(access, is_completed=is_completed)}
    return redirect(_next_page(context))


def _save_position(access: ItemAccess) -> Any:
    """The page's script sends the part that is being read, and is told which position counts."""
    part, age, known = (request.form.get(name, "") for name in ("place", "age", "known"))
    parts = queries.text_parts(access.contents, access.item)
    if parts.number(part) is None or not access.item.counts:
        abort(400)
    if access.row.is_done:
        return {"state": "done"}
    version = courses.item_version(access.item.item_revision_id)
    sent = sent_position(part, age, known, access.now)
    position = services.record_position(access.enrolment_id, version, sent, now=access.now)
    db.session.commit()
    here = position_in_text(parts, position.part, position.at)
    said = _macro("stopped_at", here, say_lately(here.at, access.now)) if here else ""
    return {"place": position.part, "time": int(position.at.timestamp()), "said": said}


def _take_back(access: ItemAccess) -> Any:
    context = queries.item_context(access)
    services.take_back_read(context.enrolment_id, context.item_revision, now=access.now)
    db.session.commit()
    flash(_("This module is marked as not finished. Nothing else has changed."), "done")
    return redirect(url_for("learning.item", slug=context.course_slug, item=context.item_revision.slug))


def _next_page(context: ItemContext) -> str:
    """The next item; after the last one the result page of the course, or the course page."""
    if context.next:
        return url_for("learning.item", slug=context.course_slug, item=context.next.slug)
    if queries.completion_of(context.enrolment_id):
        return url_for("records.finish", slug=context.course_slug)
    return url_for("learning.course", slug=context.course_slug)


def _page(access: ItemAccess, checked: checking.CheckedAnswer | None = None) -> str:
    item, reading, is_done = access.item, access.reading, access.row.is_done
    position, contents = item.position, access.contents
    text: ModuleText = _cached(contents, ("text", position), lambda: _text(access))
    stopped = position_in_text(text.parts, reading.place, reading.place_at) if reading.place and not is_done else None
    return render_template(
        "learning/module.html",
        item=item,
        text=text,
        body=_body(checking.personal(text.body, checked), stopped),
        contents_list=_contents_list(access, text.parts, stopped),
        place_bar=_cached(contents, ("bar", position), lambda: _macro("place_bar", text.parts)),
        stopped_at=_macro("stopped_at", stopped, say_lately(stopped.at, access.now)) if stopped else "",
        known_place=int(reading.place_at.timestamp()) if reading.place_at else 0,
        is_done=is_done,
        done_line=_done_line(access, is_completed=access.is_completed) if is_done else "",
        records_itself=item.completes_by == "read" and not reading.is_taken_back,
        context={
            "course_slug": access.course_slug,
            "course_title": access.course_title,
            "summary": item,
            "before": contents.items[position - 2] if position > 1 else None,
            "next": contents.items[position] if position < len(contents.items) else None,
        },
        outline=_outline(access),
    )


def _cached(contents: Contents, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """The fragment for ``key`` in the page's language, cached with the contents: a revision never changes."""
    key = (*key, language_code())
    if key not in contents.fragments:
        contents.fragments[key] = make()
    return contents.fragments[key]


def _text(access: ItemAccess) -> ModuleText:
    version = courses.item_version(access.item.item_revision_id)
    context = {
        "course_slug": access.course_slug,
        "course_title": access.course_title,
        "item_revision": version,
        "summary": access.item,
        "total": len(access.contents.items),
    }
    parts = queries.text_parts(access.contents, access.item)
    return ModuleText(
        head=_macro("head", context),
        body=checking.with_forms(courses.item_content(version.id), version.body_html),
        parts=parts,
        seconds=" ".join(map(str, parts.seconds)),
    )


def _contents_list(access: ItemAccess, parts: TextParts, position: PositionInText | None) -> Markup:
    number = position.number if position else 0
    key = "list", access.item.position, number
    found: Markup = _cached(access.contents, key, lambda: _macro("contents_list", parts, number))
    return found


def _body(body: Markup, position: PositionInText | None) -> Markup:
    """The text with a line where the reader stopped."""
    if position is None:
        return body
    start = body.index(f'<h2 id="{position.part.anchor}"')
    return body[:start] + _macro("stopped_here") + body[start:]


def _done_line(access: ItemAccess, *, is_completed: bool) -> Markup:
    when = say_lately(access.reading.done_at or access.now, access.now)
    if access.item.completes_by == "read":
        said = _("✓ Read to the end · recorded %(when)s", when=when)
    else:
        said = _("✓ Finished · recorded %(when)s", when=when)
    return _macro("done_line", said, "" if is_completed else form_recovery.form_tokens())


def _macro(name: str, *values: Any) -> Markup:
    return Markup(getattr(macros("learning/_module_text.html"), name)(*values))  # noqa: S704


def _outline(access: ItemAccess) -> Markup:
    """The course beside the text, on phones below it: each item with its state."""
    numbers = states.done_of_all(access.rows)
    names = access.course_slug, access.course_title
    language, fragments = language_code(), access.contents.fragments
    head = _cached(access.contents, ("outline", *numbers), lambda: _macro("outline_head", *names, *numbers))
    lines = [head]
    for row in access.rows:
        key = _line_key(access, row, language)
        line = fragments.get(key) if key else None
        if line is None:
            line = _macro("outline_line", access.course_slug, row, row.item is access.item)
            if key:
                fragments[key] = line
        lines.append(line)
    return Markup("".join([*lines, "</ol></div></nav>"]))  # noqa: S704


def _line_key(access: ItemAccess, row: ItemRow, language: str) -> tuple[Any, ...] | None:
    """The cache key of an item's line; None if the item opens on a day, which differs from learner to learner."""
    if row.lock is None:
        return "line", row.item.position, row.item is access.item, row.state, None, language
    if row.lock.opens_at:
        return None
    missing = tuple(item.position for item in row.lock.after)
    return "line", row.item.position, row.item is access.item, row.state, missing, language
