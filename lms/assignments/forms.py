"""Input of learners and graders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from flask_wtf.file import FileField, MultipleFileField
from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from lms.assignments.models import WorkGroup
from lms.assignments.rubric import read_points
from lms.assignments.services.drafts import DraftContent
from lms.assignments.services.feedback_files import GivenFile
from lms.assignments.services.grading import GradeDecision
from lms.assignments.services.passages import QuotedPassage
from lms.content.items.assignment import Assignment
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.core.uploads import Upload
from lms.lib.digits import MAX_ROW_NUMBER, whole_number
from lms.lib.links import MAX_LINK_LENGTH
from lms.web.fields import Choices, Day, Form, SiteMoment, at_most, one_line, options, reason_field, unix_line_ends
from lms.web.rubric_form import MAX_FEEDBACK_LENGTH, RubricForm

MAX_TEXT_LENGTH = 8_000
MAX_REASON_LENGTH = 500
MAX_NOTE_LENGTH = 300
MAX_LATE_REASON_LENGTH = 300
MAX_SUBMISSION_NUMBER = 100_000
MAX_PERCENT = Decimal(100)


class SubmissionForm(Form):
    """``do`` is the pressed button: ``upload``, ``submit``, ``again``, ``remove-7``; anything else saves the draft."""

    text = TextAreaField(
        lazy("Your answer"),
        filters=[unix_line_ends],
        validators=[
            Optional(),
            Length(
                max=MAX_TEXT_LENGTH,
                message=lazy(
                    "Please shorten the text to 8,000 characters, or hand in a longer one as a file. "
                    "Nothing of it is lost on this page."
                ),
            ),
        ],
    )
    link = StringField(
        lazy("Link to your work"),
        validators=[Optional(), Length(max=MAX_LINK_LENGTH, message=lazy("This address is too long."))],
    )
    file = FileField(lazy("Add a file"))
    number = IntegerField(validators=[Optional(), NumberRange(1, MAX_SUBMISSION_NUMBER)])
    seen = IntegerField(validators=[Optional(), NumberRange(0)])
    client_seq = HiddenField(name="turn", validators=[Length(max=40)])
    do = HiddenField()

    def content(self, most_bytes: int) -> DraftContent:
        """``most_bytes``: no more of a file is read than shows that it is too large."""
        chosen = self.file.data
        upload = Upload(chosen.filename or "", chosen.stream.read(most_bytes + 1)) if chosen else None
        return DraftContent(
            self.text.data or "", self.link.data or "", upload, self.seen.data, self.client_seq.data or ""
        )

    @property
    def to_remove(self) -> int | None:
        """The id of the file whose button was pressed."""
        verb, _dash, number = (self.do.data or "").partition("-")
        return whole_number(number) if verb == "remove" else None


class FeedbackFilesForm(Form):
    """Files that the learner gets. ``kept`` are the tokens of files that were sent before and are still ticked;
    ``record.js`` fills ``recording``."""

    files = MultipleFileField(lazy("Add files"))
    recording = FileField(lazy("Recording"))
    kept = SelectMultipleField(lazy("Attached"), validate_choice=False)

    given: tuple[GivenFile, ...] = ()

    def uploads(self, most_bytes: int) -> Iterator[Upload]:
        """``most_bytes``: no more of a file is read than shows that it is too large."""
        for chosen in (*(self.files.data or ()), self.recording.data):
            if chosen:
                yield Upload(chosen.filename or "", chosen.stream.read(most_bytes + 1))


class ReturnForm(FeedbackFilesForm):
    """Work goes back for revision. Its fields have a prefix: it stands beside a ``GradeForm``."""

    note = TextAreaField(
        lazy("What is to be improved"),
        filters=[unix_line_ends],
        validators=[
            DataRequired(lazy("Please write what is to be improved: the participant reads it.")),
            Length(max=MAX_FEEDBACK_LENGTH, message=lazy("Please shorten the note to 4,000 characters.")),
        ],
    )
    until = Day(lazy("May be handed in again until"), validators=[InputRequired(lazy("Please choose a day."))])


class GradeForm(FeedbackFilesForm, RubricForm):
    """``for_assignment`` adds a field for each criterion of the rubric, or one for points. For late work whose grader
    decides the deduction it adds ``late_deduction`` and ``late_reason``.

    Besides those of ``RubricForm``, ``do`` is ``note`` to save the note on a passage, ``change-7`` to take one into its
    fields, and ``remove-7``.
    """

    reason = StringField(
        lazy("Reason for the correction"),
        validators=[
            Optional(),
            Length(max=MAX_REASON_LENGTH, message=lazy("Please shorten the reason to 500 characters.")),
        ],
    )
    seen = IntegerField(default=0, validators=[InputRequired()])
    quote = TextAreaField(
        lazy("Words of the text"),
        filters=[unix_line_ends],
        validators=[Optional(), Length(max=MAX_TEXT_LENGTH, message=lazy("Please copy fewer words."))],
    )
    note = TextAreaField(
        lazy("Your note on them"),
        filters=[unix_line_ends],
        validators=[
            Optional(),
            Length(
                max=MAX_NOTE_LENGTH,
                message=lazy("Please shorten the note to 300 characters, or say more in the feedback."),
            ),
        ],
    )
    starts = IntegerField(widget=HiddenInput(), validators=[Optional()])
    """Where the words begin, as far as a script knows."""
    replaces = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(1, MAX_ROW_NUMBER)])
    """The note that is being changed."""
    known_note = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(0, MAX_ROW_NUMBER)])
    """The highest id of a note that the page shows."""
    withdrawn = SelectMultipleField(coerce=int, validate_choice=False)
    """Notes that the correction withdraws."""

    assignment: Assignment

    @classmethod
    def for_assignment(cls, assignment: Assignment, *, is_lateness_decided: bool = False) -> type[GradeForm]:
        more: dict[str, Any] = {"assignment": assignment}
        if not assignment.rubric:
            more["points"] = StringField(lazy("Points"), validators=[InputRequired(lazy("Please enter the points."))])
            more["validate_points"] = _validate_points
        if is_lateness_decided:
            decide = InputRequired(lazy("Please decide. For no deduction, enter 0."))
            more["late_deduction"] = StringField(
                lazy("Deduction for lateness (percent of the mark)"), [decide], render_kw={"inputmode": "decimal"}
            )
            more["validate_late_deduction"] = _validate_percent
            more["late_reason"] = StringField(
                lazy("Why so much, or none"),
                [DataRequired(lazy("Say why: the participant reads it.")), at_most(MAX_LATE_REASON_LENGTH)],
                [one_line],
            )
        return cls.with_levels(assignment.rubric, **more)

    @property
    def late_fields(self) -> list[StringField]:
        return [self[name] for name in ("late_deduction", "late_reason") if name in self]

    def decision(self) -> GradeDecision:
        return GradeDecision(
            picked=self.picked,
            points=Decimal(0)
            if self.assignment.rubric
            else read_points(self["points"].data, self.assignment.points) or Decimal(0),
            feedback=self.feedback.data or "",
            reason=self.reason.data or "",
            files=self.given,
            late_deduction=read_points(self["late_deduction"].data, MAX_PERCENT) if self.late_fields else None,
            late_reason=self["late_reason"].data if self.late_fields else "",
            withdrawn=frozenset(self.withdrawn.data or ()),
        )

    @property
    def has_note(self) -> bool:
        return bool((self.quote.data or "").strip() or (self.note.data or "").strip())

    def validate_note_fields(self) -> bool:
        """Both fields of a note are filled, and not too long."""
        fields = self.quote, self.note
        are_valid = [field.validate(self) for field in fields]
        for field, text in zip(
            fields, (_("Copy here the words that your note is about."), _("Please write the note.")), strict=True
        ):
            if not (field.data or "").strip():
                field.errors = [text]
        return all(are_valid) and not any(field.errors for field in fields)

    @property
    def passage(self) -> QuotedPassage:
        return QuotedPassage(self.quote.data or "", self.starts.data)

    def clear_note(self) -> None:
        self.quote.data, self.note.data, self.starts.data, self.replaces.data = "", "", None, None


def _validate_points(form: GradeForm | MemberMarkForm, field: StringField) -> None:
    if read_points(field.data, form.assignment.points) is None:
        raise ValidationError(_("Please enter a number from 0 to %(most)s.", most=_plain(form.assignment.points)))


def _validate_percent(form: GradeForm, field: StringField) -> None:
    percent = read_points(field.data, MAX_PERCENT)
    if percent is None or percent != round(percent, 2):
        raise ValidationError(_("Please enter a number from 0 to 100, with at most two decimals."))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")


NEW, NOBODY = "new", "none"
MAX_MEMBERS = 50


class RegroupForm(Form):
    """The request also has ``people``: the ids of the enrolments that are ticked."""

    to = SelectField(lazy("Move those who are ticked to"), [InputRequired(lazy("Choose a group."))])
    name = StringField(lazy("Name of the new group"), [at_most(80)], [one_line])

    def __init__(self, groups: Sequence[WorkGroup], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.to.choices = [
            *options([(NEW, _("a new group"))]),
            *options((str(one.id), one.name) for one in groups),
            *options([(NOBODY, _("no group"))]),
        ]

    def validate_name(self, field: StringField) -> None:
        if self.to.data == NEW and not field.data:
            raise ValidationError(_("Give the new group a name."))


class DivideForm(Form):
    size = IntegerField(
        lazy("People in a group, at most"),
        [InputRequired(lazy("Enter a number.")), NumberRange(2, MAX_MEMBERS, lazy("Enter a number from 2 to 50."))],
    )


class GroupForm(Form):
    name = StringField(lazy("Name"), [DataRequired(lazy("Give the group a name.")), at_most(80)], [one_line])


class MemberMarkForm(Form):
    """Another mark for one member of a group. ``member`` is ``17.2``: a submission, and how many markings of it the
    page knew."""

    member = SelectField(lazy("Member"), [InputRequired(lazy("Choose a member."))])
    points = StringField(lazy("Points"), validators=[InputRequired(lazy("Please enter the points."))])
    reason = StringField(
        lazy("Reason"), [DataRequired(lazy("Say why: the member reads it.")), at_most(MAX_REASON_LENGTH)], [one_line]
    )

    def __init__(self, assignment: Assignment, members: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assignment = assignment
        self.member.choices = options(members)

    def validate_points(self, field: StringField) -> None:
        _validate_points(self, field)

    @property
    def chosen(self) -> tuple[int, int]:
        """The id of the submission, and the number of its markings."""
        submission_id, _dot, seen = self.member.data.partition(".")
        return int(submission_id), int(seen)

    def decision(self, feedback: str) -> GradeDecision:
        """The points typed, converted from the scale of the assignment to that of its rubric."""
        points = read_points(self.points.data, self.assignment.points) or Decimal(0)
        earned = points * self.assignment.best / self.assignment.points
        return GradeDecision(points=earned, feedback=feedback, reason=self.reason.data)


class DeadlineForm(Form):
    """Empty fields leave what the course says. ``seen`` is the number of the newest row that the page showed."""

    opens_at = SiteMoment(lazy("Opens"), [Optional()])
    due_at = SiteMoment(lazy("Due"), [Optional()])
    closes_at = SiteMoment(lazy("Accepted until"), [Optional()])
    reason = reason_field()
    seen = IntegerField(default=0, validators=[InputRequired(), NumberRange(0)])


class PaperObjectionForm(Form):
    reason = TextAreaField(
        lazy("What is wrong?"), [DataRequired(lazy("Say in a sentence what is wrong.")), at_most(1000)]
    )
