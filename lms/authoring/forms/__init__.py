"""Forms of the editing pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from lms.authoring.forms.meeting_lines import as_in_file, in_words
from lms.authoring.forms.moment_words import moment_in_words, written_moment
from lms.authoring.forms.review_table import is_contradiction
from lms.authoring.forms.setting_fields import OF_COURSES, Kind, SettingField, Shown
from lms.authoring.forms.setting_values import counts_in
from lms.authoring.starters import CourseFacts
from lms.content.items.base import MAX_JP
from lms.content.markdown.names import slugify
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.web.fields import Form, at_most, one_line, options, unix_line_ends

BEGINNINGS = {
    "usual": lazy("Modules, a quiz and an assignment"),
    "parts": lazy("Several sections, each with a module and a quiz"),
    "short": lazy("One module and a quiz"),
    "empty": lazy("One section with one module"),
    "outline": lazy("My own outline: I type the titles"),
    "copy": lazy("A copy of another course"),
}


COMPETENCIES = next(one for one in OF_COURSES if one.key == "competency")


OF_CATEGORIES = {"list": "categories"}
"""The field suggests the categories that courses have (``categories`` in ``_parts.html``)."""


class NewCourseForm(Form):
    title = StringField(lazy("Title"), [DataRequired(lazy("Enter a title.")), at_most(150)], [one_line])
    summary = StringField(
        lazy("Short summary"), [DataRequired(lazy("Enter a summary of one sentence.")), at_most(300)], [one_line]
    )
    category = StringField(lazy("Category"), [Optional(), Length(max=60)], [one_line], render_kw=OF_CATEGORIES)
    competency = SelectField(lazy("Kind of competence"))
    jp = IntegerField("JP", [Optional(), NumberRange(0, MAX_JP, lazy("Enter a whole number, using digits only."))])
    begin = RadioField(lazy("Begin with"), [InputRequired(lazy("Choose one."))], default="usual")
    outline = TextAreaField(lazy("Titles, one per line"), [at_most(8000)])
    copied = SelectField(lazy("Course to copy"), validate_choice=False)

    def __init__(self, courses: list[tuple[str, str]], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.competency.choices = [SelectChoice(*one) for one in COMPETENCIES.choices]
        self.copied.choices = options(courses, _("– choose a course –"))
        offered = [(key, label) for key, label in BEGINNINGS.items() if key != "copy" or courses]
        self.begin.choices = [SelectChoice(key, label) for key, label in offered]

    def validate_outline(self, field: TextAreaField) -> None:
        has_titles = bool((field.data or "").strip(" \r\n\t:"))
        if self.begin.data == "outline" and not has_titles:
            raise ValidationError(_("Type at least one title."))
        if self.begin.data in BEGINNINGS.keys() - {"outline"} and has_titles:
            raise ValidationError(
                _(
                    "Is the course to begin with these titles? Then choose “%(own)s”; if not, empty this field.",
                    own=BEGINNINGS["outline"],
                )
            )

    def validate_copied(self, field: SelectField) -> None:
        is_offered = field.data in {choice.value for choice in field.choices}
        if self.begin.data == "copy" and not (field.data and is_offered):
            raise ValidationError(_("Choose the course that is copied."))
        if self.begin.data in BEGINNINGS.keys() - {"copy"} and field.data:
            raise ValidationError(
                _(
                    "Is this course to be copied? Then choose “%(copy)s”; if not, take the choice back.",
                    copy=BEGINNINGS["copy"],
                )
            )

    @property
    def facts(self) -> CourseFacts:
        return CourseFacts(
            self.title.data,
            self.summary.data,
            slugify(self.category.data or "", 60),
            self.competency.data or "",
            self.jp.data or 0,
        )


class TeacherForm(Form):
    login = StringField(
        lazy("NIP, NI PPPK or e-mail"), [DataRequired(lazy("Enter a NIP, NI PPPK or e-mail.")), Length(max=254)]
    )


class MomentField(StringField):  # type: ignore[misc]
    """Shown and typed in words; ``data`` is what the course file has."""

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else moment_in_words(self.data or "")

    def process_formdata(self, valuelist: list[str]) -> None:
        text = one_line(valuelist[0]) if valuelist else ""
        if text == moment_in_words(self.object_data or ""):
            self.data = self.object_data
            return
        try:
            self.data = written_moment(text)
        except ValueError:
            self.data = text
            raise ValueError(
                _(
                    "“%(text)s” is no day. Write it like 15 December 2026, 15/12/2026 or 15/12/2026 17:00, "
                    "or like 7 days after the beginning.",
                    text=text,
                )
            ) from None


def settings_form(fields: tuple[SettingField, ...], values: dict[str, Shown]) -> Form:
    """A form with a field for each setting that has a value to show."""
    made = {one.key: _field(one) for one in fields if one.key in values}
    members: dict[str, Any] = {f"set_{key}": field for key, field in made.items()}
    if "review" in made and "review_table" in made:
        members["validate_set_review"] = _one_of_two(str(values["review"]), values["review_table"])
    form: type[Form] = type("SettingsForm", (Form,), members)
    data = {f"set_{key}": list(value) if isinstance(value, tuple) else value for key, value in values.items()}
    return form(data=data)


def _one_of_two(choice: str, ticked: Shown) -> Callable[[Form, SelectField], None]:
    """Refuse another preset together with other ticks in the table: one of them would be ignored."""
    before = choice, ticked if isinstance(ticked, tuple) else ()

    def validate(form: Form, field: SelectField) -> None:
        if is_contradiction(before, (field.data, form["set_review_table"].data or ())):
            raise ValidationError(
                _("You chose this and changed the table too. Choose “as it is ticked below”, or leave the table.")
            )

    return validate


def sent_settings(form: Form, fields: tuple[SettingField, ...]) -> dict[str, Shown]:
    found: dict[str, Shown] = {}
    for one in fields:
        if f"set_{one.key}" in form:
            data = form[f"set_{one.key}"].data
            found[one.key] = tuple(data or ()) if one.kind in ("ticks", "table") else data
    return found


def _counts_of(kind: Kind) -> Callable[[Form, StringField], None]:
    def validate(form: Form, field: StringField) -> None:
        if not field.data.isdecimal() and counts_in(kind, field.data) is None:
            raise ValidationError(
                _(
                    "“%(text)s” is no number of each group. Write one number, or such as: mudah: 5, sulit: 3.",
                    text=field.data,
                )
            )

    return validate


class MeetingsField(TextAreaField):  # type: ignore[misc]
    """Shown and typed in words, one meeting in a line; ``data`` has the values of the course file."""

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else in_words(self.data or "")

    def process_formdata(self, valuelist: list[str]) -> None:
        text = unix_line_ends(valuelist[0]) if valuelist else ""
        if text == in_words(self.object_data or ""):
            self.data = self.object_data
            return
        try:
            self.data = as_in_file(text)
        except ValueError as error:
            self.data = text
            raise ValueError(
                _(
                    "“%(text)s” is neither a moment nor a length of time. Write a line such as: "
                    "1 day after the beginning 09:00; 3 hours; Hall.",
                    text=str(error),
                )
            ) from None


def _field(one: SettingField) -> UnboundField:
    needed = [DataRequired(lazy("Enter a title."))] if one.key == "title" else []
    if one.kind == "switch":
        return BooleanField(one.label)
    if one.kind == "choice":
        return SelectField(one.label, choices=[SelectChoice(*choice) for choice in one.choices])
    if one.kind in ("ticks", "table"):
        return SelectMultipleField(one.label, choices=[SelectChoice(*choice) for choice in one.choices])
    if one.kind == "moment":
        return MomentField(one.label, [Optional(), at_most(300)])
    if one.kind == "meetings":
        needed = [DataRequired(lazy("Enter at least one meeting."))]
        return MeetingsField(one.label, [*needed, at_most(4000)])
    kw = {"inputmode": "decimal"} if one.kind in ("number", "minutes", "percent") else None
    if one.key == "category":
        kw = OF_CATEGORIES
    if one.kind in ("counts", "draws"):
        return StringField(one.label, [Optional(), at_most(300), _counts_of(one.kind)], [one_line])
    if one.is_needed and not needed:
        needed = [DataRequired(lazy("Enter a summary of one sentence."))]
    return StringField(one.label, [*(needed or [Optional()]), at_most(300)], [one_line], render_kw=kw)
