"""Pagination by ``?page=``."""

from __future__ import annotations

from collections.abc import Sequence
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


def paged(
    query: Select[*tuple[Any, ...]], per_page: int = PER_PAGE, *, scalars: bool = True, total: int | None = None
) -> Page:
    """The requested page of ``query``; a number beyond the last page gives the last.

    Pass ``total`` if it is known, so that the rows need not be counted.
    """
    if total is None:
        total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number, count = _requested(total, per_page)
    result = db.session.execute(query.limit(per_page).offset((number - 1) * per_page))
    return Page(result.scalars().all() if scalars else result.all(), number, count, total)


def paged_rows(rows: Sequence[Any], per_page: int = PER_PAGE) -> Page:
    """The requested page of rows that are in memory already."""
    number, count = _requested(len(rows), per_page)
    return Page(rows[(number - 1) * per_page : number * per_page], number, count, len(rows))


def _requested(total: int, per_page: int) -> tuple[int, int]:
    """The number of the requested page, and how many there are."""
    count = max(1, -(-total // per_page))
    return min(max(1, request.args.get("page", 1, type=int)), count), count
