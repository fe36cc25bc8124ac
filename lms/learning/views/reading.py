"""The page of a module. What is the same for all readers is a cached fragment; the template adds what is their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from flask import current_app, render_template
from markupsafe import Markup

from lms.content.items.module import Module
from lms.core.i18n import language_code
from lms.courses import queries as courses
from lms.courses.contents import Contents
from lms.learning import queries
from lms.learning.queries import ItemAccess
from lms.learning.states import ItemRow


class ModuleText(NamedTuple):
    """A module's rendered text. Readers complete it themselves if ``can_complete``; ``by_reading``: a script does."""

    html: Markup
    can_complete: bool
    by_reading: bool


def page(access: ItemAccess) -> str:
    """The page of the module at which the person stands."""
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
    """What was made for ``key`` in this language; kept as long as the contents, since a revision never changes."""
    key = (*key, language_code())
    if key not in contents.fragments:
        contents.fragments[key] = make()
    return contents.fragments[key]


def _text(access: ItemAccess, is_done: bool) -> ModuleText:
    revision = queries.item_revision(access.item)
    module = cast(Module, courses.item_content(revision.id))
    html = render_template(
        "learning/_module_text.html",
        context={
            "course_slug": access.course_slug,
            "course_title": access.course_title,
            "item_revision": revision,
            "total": len(access.contents.items),
        },
        can_complete=module.can_complete,
        is_done=is_done,
    )
    return ModuleText(Markup(html), module.can_complete, module.complete == "read")  # noqa: S704


def _line(access: ItemAccess, row: ItemRow) -> Markup:
    """An item in the outline."""
    state = row.item is access.item, row.lock is not None, row.is_done

    def make() -> Markup:
        template: Any = current_app.jinja_env.get_template("learning/_parts.html").module
        return Markup(template.outline_line(access.course_slug, row.item, *state))  # noqa: S704

    line: Markup = _cached(access.contents, ("line", row.item.position, *state), make)
    return line
