"""A column to search rows by: the words of other columns, folded. Nothing else writes it.

Inserts fill it by its default, changes of objects by an event; bulk updates add ``search_text_of``. Rows that a release
before this one has written get theirs from ``renew_search_texts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, String, bindparam, event, or_, select, update
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from lms.core.db import db, reading
from lms.lib.folding import SHORTEST_WITH_A_SLIP, searchable

MAX_LENGTH = 600
"""Characters. Folding can make a text longer; a row is not worth more."""
AT_ONCE = 1_000
LONG = 6
"""Letters of a word of which three are looked for at either end, not two."""


class SearchableMixin:
    """A model with a ``search_text`` made of the columns ``SEARCHED_BY``."""

    SEARCHED_BY: ClassVar[tuple[str, ...]]

    @declared_attr
    def search_text(cls) -> Mapped[str | None]:
        """Null only in a row that a release without this column wrote."""
        return mapped_column(String(MAX_LENGTH), default=lambda context: cls.search_text_of(_inserted(context)))

    @classmethod
    def search_text_of(cls, values: Mapping[str, Any]) -> str:
        return searchable(values.get(name) or "" for name in cls.SEARCHED_BY)[:MAX_LENGTH]

    @classmethod
    def has_word(cls, word: str) -> ColumnElement[bool]:
        """Whether a row has a word of ``folding.search_words``, or one with it inside."""
        found: ColumnElement[bool] = cls.search_text.contains(word, autoescape=True)
        return found

    @classmethod
    def has_nearly(cls, word: str) -> ColumnElement[bool]:
        """Whether a row has this word, or one that begins or ends like it, or is as long between the same two letters.

        A slip leaves one of these. What remains is for ``folding.neighbours`` to judge.
        """
        if len(word) < SHORTEST_WITH_A_SLIP or word.isdecimal():
            return cls.has_word(word)
        part = 2 if len(word) < LONG else 3
        between = f"% {_escaped(word[0])}{'_' * (len(word) - 2)}{_escaped(word[-1])} %"
        return or_(
            cls.has_word(word),
            cls.search_text.contains(f" {word[:part]}", autoescape=True),
            cls.search_text.contains(f"{word[-part:]} ", autoescape=True),
            cls.search_text.like(between, escape="/"),
        )


def _escaped(letter: str) -> str:
    return f"/{letter}" if letter in "/%_" else letter


def _inserted(context: Any) -> Mapping[str, Any]:
    values: Mapping[str, Any] = context.get_current_parameters()
    return values


@event.listens_for(SearchableMixin, "before_update", propagate=True)
def _renew(_mapper: object, _connection: object, row: SearchableMixin) -> None:
    row.search_text = row.search_text_of({name: getattr(row, name) for name in row.SEARCHED_BY})


def renew_search_texts(model: type[Any], *, after: int) -> int | None:
    """Correct the texts of the next rows; returns the id of the last one looked at, or None if there are no more.

    A row that somebody else has changed since it was read is left alone.
    """
    columns = [getattr(model, name) for name in {*model.SEARCHED_BY, "search_text"}]
    with reading():
        some = select(model.id, *columns).where(model.id > after).order_by(model.id).limit(AT_ONCE)
        rows = db.session.execute(some).all()
        db.session.rollback()
    texts = [(row, model.search_text_of(row._mapping)) for row in rows]
    wrong = [{"row": row.id, "old": row.search_text, "new": text} for row, text in texts if row.search_text != text]
    if wrong:
        columns_of = model.__table__.c
        is_unchanged = columns_of.search_text.is_not_distinct_from(bindparam("old"))
        change = update(model.__table__).where(columns_of.id == bindparam("row"), is_unchanged)
        db.session.connection().execute(change.values(search_text=bindparam("new")), wrong)
    return int(rows[-1].id) if rows else None
