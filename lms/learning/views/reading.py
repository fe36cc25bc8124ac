"""A module's page, nearly all of which is the same for everybody: that is rendered once and kept.

What differs is put between the kept parts for each request: the form's tokens, and in the
outline what is done and what is locked. Nothing about a person is given to a kept template.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from flask import current_app, request
from flask_babel import get_locale
from markupsafe import Markup

from lms.content.items.module import Module
from lms.courses import queries as courses
from lms.courses.contents import Contents, ItemSummary
from lms.learning import queries
from lms.learning.queries import ItemAccess
from lms.learning.states import ItemRow
from lms.web.form_recovery import form_tokens
from lms.web.frame import GAP, filled, part


class Article(NamedTuple):
    """A module's text with what is around it; the form's tokens stand between ``before`` and ``after``."""

    before: Markup
    after: Markup
    has_form: bool
    has_script: bool


def page(access: ItemAccess) -> str:
    """The page of the module at which the person stands."""
    language, here = str(get_locale()), access.row
    key = here.item.position, here.is_done, language
    article = _kept(access.contents, key, lambda: _article(access, here.is_done))
    gaps = {
        "title": here.item.title,
        "before": article.before,
        "tokens": form_tokens() if article.has_form else "",
        "after": article.after,
        "left": _left(access, language),
        "outline": Markup("\n").join([_line(access, row, language) for row in access.rows]),
        "contact": part("contact", request.path),
    }
    return filled("learning/module.html", gaps, has_script=article.has_script)


def _kept(contents: Contents, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """What was made for ``key`` before, as long as the contents themselves are kept: a revision never changes."""
    if key not in contents.fragments:
        contents.fragments[key] = make()
    return contents.fragments[key]


def _article(access: ItemAccess, is_done: bool) -> Article:
    revision, items, position = queries.item_revision(access.item), access.contents.items, access.item.position
    module = cast(Module, courses.item_content(revision.id))
    text = current_app.jinja_env.get_template("learning/_article.html").render(
        course_slug=access.course_slug,
        course_title=access.course_title,
        item_revision=revision,
        total=len(items),
        before=items[position - 2] if position > 1 else None,
        next=items[position] if position < len(items) else None,
        counts=module.can_complete,
        is_done=is_done,
        gap=GAP,
    )
    before, _gap, after = text.partition(GAP)
    has_form = module.can_complete and not is_done
    return Article(Markup(before), Markup(after), has_form, module.complete == "read" and has_form)  # noqa: S704


def _left(access: ItemAccess, language: str) -> Markup:
    """What the folded outline says: how much is left."""
    left = sum(not row.is_done for row in access.rows)
    template: Any = current_app.jinja_env.get_template("learning/_parts.html").module
    words: Markup = _kept(access.contents, ("left", left, language), lambda: Markup(template.left(left)))  # noqa: S704
    return words


def _line(access: ItemAccess, row: ItemRow, language: str) -> Markup:
    """An item in the outline."""
    how = row.item is access.item, row.lock is not None, row.is_done
    key = ("line", row.item.position, *how, language)
    line: Markup = _kept(access.contents, key, lambda: _new_line(access.course_slug, row.item, *how))
    return line


def _new_line(course_slug: str, item: ItemSummary, is_here: bool, is_locked: bool, is_done: bool) -> Markup:
    template: Any = current_app.jinja_env.get_template("learning/_parts.html").module
    return Markup(template.outline_line(course_slug, item, is_here, is_locked, is_done))  # noqa: S704
