"""The buttons of the grading page that give no mark. Its page comes again, with all that was typed and picked."""

from __future__ import annotations

from collections.abc import Mapping

from flask_login import current_user

from lms.assignments.forms import GradeForm
from lms.assignments.queries import SubmissionDetails
from lms.assignments.services import grading, passages
from lms.comments.services import GraderComments
from lms.core import clock
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.learning.services.feedback import FeedbackTooComplex
from lms.people.names import name_without_titles
from lms.web.fields import Form, saving


def comment_bank(details: SubmissionDetails) -> GraderComments:
    return GraderComments(current_user.id, details.course_id, name=_name(details))


def _name(details: SubmissionDetails) -> str:
    return name_without_titles(details.person.name) if details.hidden_number is None else details.name


def press(form: GradeForm, details: SubmissionDetails) -> None:
    verb, number = form.button
    if verb == "note":
        if form.validate_note_fields():
            with saving(form.quote, refused_at(form)):
                write_note(form, details)
                form.clear_note()
    elif verb == "change":
        _take_up(form, details, number)
    elif verb == "remove":
        with saving(form.quote):
            passages.remove_note(details.submission, number, grader_id=current_user.id)
    else:
        with saving(form.feedback):
            form.press(comment_bank(details), now=clock.now())


def write_note(form: GradeForm, details: SubmissionDetails) -> None:
    passages.write_note(
        details.submission,
        form.passage,
        (form.note.data or "").strip(),
        grader_id=current_user.id,
        replaces=form.replaces.data,
        withdrawn=frozenset(form.withdrawn.data or ()),
        after=form.known_note.data or 0,
        now=clock.now(),
    )


def refused_at(form: GradeForm) -> Mapping[type[Refusal], Form]:
    """Where a refusal is shown, if not at the top of the form."""
    at_quote = (passages.QuoteNotFound, passages.PassageIsNoted, passages.TooManyNotes, passages.NoteGone)
    return {
        grading.ReasonMissing: form.reason,
        FeedbackTooComplex: form.feedback,
        **dict.fromkeys(at_quote, form.quote),
    }


def _take_up(form: GradeForm, details: SubmissionDetails, note_id: int) -> None:
    """Put a note into the fields. It stays as it is until it is saved."""
    notes = passages.seen_by(details.submission, current_user.id)
    note = next((one for one in notes if one.id == note_id and one.given_with is None), None)
    if note is None:
        form.quote.errors = [passages.NoteGone().text]
        return
    if form.has_note and form.replaces.data != note_id:
        form.note.errors = [_("First save this note, or empty both fields: they are needed for the other one.")]
        return
    form.quote.data, form.note.data = details.submission.text[note.starts : note.ends], note.note
    form.starts.data, form.replaces.data = note.starts, note.id
