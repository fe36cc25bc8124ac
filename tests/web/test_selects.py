"""A select is ``required`` in HTML only if it begins with an empty choice: any other one is never empty."""

from __future__ import annotations

import pytest
from pages import check_page
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from lms.web.fields import Form, options

KINDS = [("opd", "OPD"), ("upt", "UPT")]


class Choosing(Form):
    with_empty = SelectField("Unit", [InputRequired()], choices=options(KINDS, first="– pilih –"))
    without = SelectField("Jenis", [InputRequired()], choices=options(KINDS))
    in_groups = SelectField("Golongan", [InputRequired()], choices=options(KINDS, group="PNS"))
    nothing = SelectField("Kursus", [InputRequired()], choices=[])
    way = RadioField("Cara", [InputRequired()], choices=options(KINDS))


@pytest.mark.parametrize(
    ("name", "is_required"),
    [("with_empty", True), ("without", False), ("in_groups", False), ("nothing", False), ("way", True)],
)
def test_only_a_select_that_can_be_empty_says_that_it_must_not_be(app, name, is_required):
    with app.test_request_context():
        field = Choosing()[name]
        assert (" required" in str(field())) is is_required
        assert field.flags.required  # the label says so, and the server asks for it


@pytest.mark.parametrize(
    "choices", ['<option value="a">A</option>', '<optgroup label="x"><option value="">–</option></optgroup>', ""]
)
def test_each_page_is_checked_for_it(choices):
    page = f"""<!doctype html><html lang="id"><title>x</title><h1>x</h1>
    <select aria-label="a" required>{choices}</select>
    </html>"""
    with pytest.raises(AssertionError, match="without an empty choice"):
        check_page(page)
