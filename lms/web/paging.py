"""Pagination by ``?page=``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Select, func, select

from lms.core.db import db
from lms.web.urls import same_page

PER_PAGE = 30


@dataclass(frozen=True)
class Page:
    """One page of a list. ``number`` from 1; ``total`` counts all rows."""

    rows: Sequence[Any]
    number: int
    count: int
    total: int

    def url(self, number: int) -> str:
        """Another page of the same list with the same filters."""
        return same_page(page=number)


def paginate(
    query: Select[*tuple[Any, ...]],
    per_page: int = PER_PAGE,
    *,
    scalars: bool = True,
    total: int | None = None,
    by: Select[int] | None = None,
    is_searched: bool = False,
) -> Page:
    """The requested page of ``query``; a number beyond the last page gives the last.

    Pass ``total`` if it is known, so that the rows need not be counted. ``by`` selects the ids of the same rows in the
    same order, and nothing else: the page is taken of these, and ``query`` is asked for its rows alone. Without it, a
    late page reads and joins all rows before it. ``is_searched`` says that finding the ids is the expensive part, since
    words are searched for in all rows: it is done once, for the count and the page.
    """
    ids = db.session.scalars(by).all() if by is not None and is_searched else None
    if total is None:
        total = len(ids) if ids is not None else _number_of(by if by is not None else query)
    number, count = _requested(total, per_page)
    first = (number - 1) * per_page
    if by is None:
        query = query.limit(per_page).offset(first)
    else:
        [key] = by.selected_columns
        query = query.where(key.in_(ids[first : first + per_page] if ids else by.limit(per_page).offset(first)))
    result = db.session.execute(query)
    return Page(result.scalars().all() if scalars else result.all(), number, count, total)


def paginate_or_near(words: str, page_of: Callable[[str], Page], meant: Callable[[], str]) -> tuple[Page, str]:
    """The page of what these words find and an empty text; if it is nothing, what the words find that were probably
    meant, and these words. ``meant`` is only asked then."""
    page = page_of(words)
    near = "" if page.total or not words else meant()
    other = page_of(near) if near else page
    return (other, near) if other.total else (page, "")


def ids_of(query: Select[*tuple[Any, ...]], key: Any) -> Select[int]:
    """``by`` for a query whose conditions or order need what it joins."""
    return query.with_only_columns(key)


def _number_of(query: Select[*tuple[Any, ...]]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def paginate_rows(rows: Sequence[Any], per_page: int = PER_PAGE) -> Page:
    """The requested page of rows that are in memory already."""
    number, count = _requested(len(rows), per_page)
    return Page(rows[(number - 1) * per_page : number * per_page], number, count, len(rows))


def _requested(total: int, per_page: int) -> tuple[int, int]:
    """The number of the requested page, and how many there are."""
    count = max(1, -(-total // per_page))
    return min(max(1, request.args.get("page", 1, type=int)), count), count
