"""Problems of one cause are told once."""

from __future__ import annotations

from lms.core.i18n import in_language
from lms.roster.parsed_row import RowFault, RowProblem
from lms.roster.plan import Plan
from lms.roster.services.import_messages import rows_text

UNIT = RowFault.UNIT_AMBIGUOUS.value


def test_rows_with_the_same_value_and_fault_are_one_cause():
    problems = [RowProblem(row, "unit", "Sekretariat", UNIT, "A; B") for row in (2, 5, 9)]
    other = RowProblem(3, "unit", "Bidang", UNIT, "C; D")
    doubt = RowProblem(1, "unit", "Sekretariat", UNIT, "A; B", is_doubt=True)
    [first, second, third] = Plan(problems=[doubt, *problems[:1], other, *problems[1:]]).causes()
    assert (first.problem, first.rows) == (problems[0], (2, 5, 9))
    assert (second.problem, second.rows) == (other, (3,))
    assert (third.problem, third.rows) == (doubt, (1,))


def test_another_hint_is_another_cause():
    problems = [RowProblem(2, "nip", "1", "twice", "7"), RowProblem(3, "nip", "1", "twice", "8")]
    assert len(Plan(problems=problems).causes()) == 2


def test_many_rows_are_counted_and_an_older_report_names_its_one_row(app):
    with app.app_context(), in_language("id"):
        assert rows_text({"row": 2, "rows": [2, 3], "row_count": 301}) == "2, 3, dan 299 lainnya"
        assert rows_text({"row": 2, "rows": [2, 3], "row_count": 2}) == "2, 3"
        assert rows_text({"row": 2}) == "2"
