"""Notes on passages: written while one grades, given with the mark, withdrawn by a correction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from lms.assignments import queries
from lms.assignments.models import PassageNote, Submission
from lms.assignments.passages import TextPassage, passage_of
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy

MAX_NOTES = 15
"""With the longest notes and a text of 8,000 characters, the page of the learner keeps to its budget."""


class QuoteNotFound(Refusal):
    message = lazy(
        "These words are not in the text. Copy a few words that follow each other, exactly as they stand there. "
        "Nothing was saved; all that you typed and picked is still here."
    )


class PassageIsNoted(Refusal):
    message = lazy(
        "Some of these words already have a note: “%(note)s”. Choose other words, or change that note. Nothing was "
        "saved; all that you typed and picked is still here."
    )


class TooManyNotes(Refusal):
    message = lazy(
        "A text can have %(most)s notes. Say more in the feedback, or remove a note. Nothing was saved; all that you "
        "typed and picked is still here."
    )


class NoteGone(Refusal):
    message = lazy(
        "This note was removed, or given with a mark in the meantime. Nothing was changed; what you typed and picked "
        "is still here."
    )


@dataclass(frozen=True)
class QuotedPassage:
    """Words as a grader marked or copied them, and at which character they begin, where the page knows it."""

    quote: str
    starts: int | None = None


def write_note(
    submission: Submission,
    where: QuotedPassage,
    note: str,
    *,
    grader_id: int,
    replaces: int | None = None,
    withdrawn: Collection[int] = (),
    after: int = 0,
    now: datetime,
) -> PassageNote:
    """Add a note, or change the one with the id ``replaces``, which is not given yet.

    ``withdrawn``: ids of given notes that the correction being written withdraws; their passages are free. ``after``:
    the highest id of a note that the page knew; the same note sent twice is one.

    :raises Refusal: one of this module.
    """
    queries.lock(submission.id)
    db.session.refresh(submission, ["notes"])
    seen = seen_by(submission, grader_id)
    own = next((row for row in seen if row.id == replaces and row.given_with is None), None)
    if replaces is not None and own is None:
        raise NoteGone
    others = [row for row in seen if row is not own and row.id not in withdrawn]
    if own is None:
        for other in others:
            is_new = other.written_by == grader_id and other.id > after
            if is_new and other.note == note and " ".join(where.quote.split()) in _words(submission.text, other):
                return other
    passage = passage_of(submission.text, where.quote, [_passage(other) for other in others], where.starts)
    if passage is None:
        raise QuoteNotFound
    _check_is_free(passage, others)
    if own is None and len(others) >= MAX_NOTES:
        raise TooManyNotes(most=MAX_NOTES)
    if own is None:
        own = PassageNote(written_by=grader_id)
        submission.notes.append(own)
    own.starts, own.ends, own.note, own.written_at = passage.starts, passage.ends, note, now
    db.session.flush()
    db.session.expire(submission, ["notes"])  # in the order of the text
    return own


def remove_note(submission: Submission, note_id: int, *, grader_id: int) -> None:
    """Before it is given. Does nothing if it is gone already.

    :raises NoteGone: it was given.
    """
    queries.lock(submission.id)
    note = next((row for row in submission.notes if row.id == note_id and row.written_by == grader_id), None)
    if note is None:
        return
    db.session.refresh(note)
    if note.given_with is not None:
        raise NoteGone
    submission.notes.remove(note)
    db.session.delete(note)
    db.session.flush()


def give_notes(submission: Submission, number: int, *, grader_id: int, withdrawn: Collection[int] = ()) -> None:
    """Give this grader's notes with the marking ``number`` (0: with the return), and withdraw others. The caller has
    locked the submission. If it is refused, nothing was changed.

    :raises NoteGone: a note to be withdrawn was not given, or is withdrawn.
    :raises PassageIsNoted: two notes would stand on the same words.
    """
    db.session.refresh(submission, ["notes"])
    given = [note for note in submission.notes if note.is_in_force(number)]
    new = [note for note in submission.notes if note.given_with is None and note.written_by == grader_id]
    if not set(withdrawn) <= {note.id for note in given}:
        raise NoteGone
    staying = [note for note in given if note.id not in withdrawn]
    for note in new:
        _check_is_free(_passage(note), staying)
    for note in given:
        if note.id in withdrawn:
            note.withdrawn_with = number
    for note in new:
        note.given_with = number
    db.session.flush()


def copy_notes(source: Submission, number: int, target: Submission, target_number: int) -> None:
    """Give the notes of ``source`` that are in force with its marking ``number`` to another member of the group, whose
    paper has the same text, with the marking ``target_number`` there; others are withdrawn there."""
    wanted = {(note.starts, note.ends, note.note): note for note in source.notes if note.is_in_force(number)}
    for note in target.notes:
        if note.is_in_force(target_number) and wanted.pop((note.starts, note.ends, note.note), None) is None:
            note.withdrawn_with = target_number
    target.notes += [
        PassageNote(
            starts=note.starts,
            ends=note.ends,
            note=note.note,
            written_by=note.written_by,
            written_at=note.written_at,
            given_with=target_number,
        )
        for note in wanted.values()
    ]
    db.session.flush()


def seen_by(submission: Submission, grader_id: int) -> list[PassageNote]:
    """The notes that a grader works with, in the order of the text: those in force, and the own ones not given yet."""
    return [
        note
        for note in submission.notes
        if note.withdrawn_with is None and (note.given_with is not None or note.written_by == grader_id)
    ]


def _passage(note: PassageNote) -> TextPassage:
    return TextPassage(note.starts, note.ends)


def _words(text: str, note: PassageNote) -> str:
    return " ".join(text[note.starts : note.ends].split())


def _check_is_free(passage: TextPassage, others: Collection[PassageNote]) -> None:
    """Notes never overlap: a number in the text leads to one note, and what is marked is one passage to the eye and
    to a screen reader."""
    taken = next((other for other in others if passage.overlaps(_passage(other))), None)
    if taken is not None:
        raise PassageIsNoted(note=taken.note if len(taken.note) <= 60 else f"{taken.note[:59]}…")
