"""What WTForms says by itself is said in the reader's language, like everything else."""

from __future__ import annotations

import pytest
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import DateField, IntegerField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from lms.web.fields import Day, Form


class Everything(Form):
    class Meta(Form.Meta):
        csrf = False

    one = SelectField(coerce=int, choices=[SelectChoice(1, "Satu")])
    many = SelectMultipleField(coerce=int, choices=[SelectChoice(1, "Satu")])
    day = DateField()
    number = IntegerField()
    text = StringField(validators=[DataRequired()])
    more = StringField(validators=[InputRequired()])
    short = StringField(validators=[Length(max=3)])


@pytest.mark.parametrize(
    "sent",
    [
        {"one": "2", "many": ["2"], "day": "31-12-2026", "number": "dua", "text": "", "more": ""},
        {"one": "x", "many": ["x"], "day": "", "number": "", "text": " "},
        {"many": ["2", "3"]},
        {"short": "lima belas"},
    ],
)
def test_no_error_is_said_in_english(app, sent):
    with app.test_request_context(), force_locale("id"):
        form = Everything(MultiDict(sent))
        assert not form.validate()
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        assert said
        assert not [word for word in ("Not a", "valid", "Invalid", "required", "longer", "%(") if word in said], said


@pytest.mark.parametrize("day", ["1999-12-31", "2101-01-01", "9999-12-31", "0001-01-01"])
def test_a_day_lies_in_a_year_that_people_mean(app, day):
    class OfDay(Everything):
        day = Day()

    with app.test_request_context():
        form = OfDay(MultiDict({"day": day}))
        form.validate()
        assert form.day.errors
