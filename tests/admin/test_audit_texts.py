"""Whatever the ledger is told has words for the screen: found by reading the source."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import pytest
from factories import NOON
from flask_babel import force_locale

import lms
from lms.admin.views.audit_texts import FACTS, KINDS, VERBS, line, mentioned
from lms.content.course import CompletionRule
from lms.core.ledger import LedgerEntry
from lms.enrolment.settings import CohortSettings
from lms.people.details import PersonDetails
from lms.quizzes.overrides import OverrideValues
from lms.roster.plan import Plan

RUN = {field.name for field in fields(CohortSettings)} - {"way"} | {"is_open", "needs_approval"}
COUNTS = set(Plan().counts())
ELSEWHERE = {
    "_without_none(settings)": RUN,
    "found.counts()": COUNTS,
    "row.report['counts']": COUNTS,
    "facts(values)": set(OverrideValues.__dataclass_fields__),
}
"""The keys of facts that are gathered in another function than the one that records them."""
CHANGED = {field.name for field in fields(PersonDetails)} | RUN | {field.name for field in fields(CompletionRule)}


class Recording(NamedTuple):
    """A call of ``ledger.record``, and where it stands."""

    module: ast.Module
    function: ast.FunctionDef
    call: ast.Call


def recordings() -> Iterator[Recording]:
    for path in sorted(Path(lms.__file__).parent.rglob("*.py")):
        if "ledger.record(" in (text := path.read_text()):
            module = ast.parse(text)
            for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
                found = (node for node in ast.walk(function) if isinstance(node, ast.Call))
                yield from (Recording(module, function, call) for call in found if is_called("ledger.record", call))


def is_called(name: str, call: ast.Call) -> bool:
    return ast.unparse(call.func) == name


def assigned(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Every name that gets a value somewhere in a module, with the value."""
    for node in ast.walk(module):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            is_unpacked = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            pairs = zip(target.elts, value.elts, strict=True) if is_unpacked else [(target, value)]
            yield from ((ast.unparse(one), given) for one, given in pairs)


def texts(expression: ast.expr, at: Recording) -> set[str]:
    """All that an expression may be: as it stands, from a name or a table, or from those who call the function."""
    if isinstance(expression, ast.Constant):
        return {expression.value}
    if isinstance(expression, ast.IfExp):
        parts = [expression.body, expression.orelse]
    elif isinstance(expression, ast.Dict):
        parts = expression.values
    elif isinstance(expression, ast.Subscript):
        parts = [expression.value]
    else:
        parts = [value for name, value in assigned(at.module) if name == ast.unparse(expression)]
        calls = (node for node in ast.walk(at.module) if isinstance(node, ast.Call))
        parts = parts or [call.args[0] for call in calls if is_called(at.function.name, call)]
    return {text for part in parts for text in texts(part, at)}


def keys(at: Recording) -> set[str]:
    """The names of the facts: spelled out, or the keys of what the same function puts together."""
    found = {keyword.arg for keyword in at.call.keywords if keyword.arg} - {"now"}
    for keyword in at.call.keywords:
        if keyword.arg is None and isinstance(keyword.value, ast.Call | ast.Subscript):
            found |= ELSEWHERE[ast.unparse(keyword.value)]
        elif keyword.arg is None:
            parts = [keyword.value, *given_to(ast.unparse(keyword.value), at.function)]
            displays = (node for part in parts for node in ast.walk(part) if isinstance(node, ast.Dict))
            found |= {key.value for display in displays for key in display.keys if isinstance(key, ast.Constant)}
    return found


def given_to(name: str, function: ast.AST) -> Iterator[ast.expr]:
    """What a function puts into a variable, at once or piece by piece."""
    yield from (value for target, value in assigned(function) if target == name)
    for node in ast.walk(function):
        if isinstance(node, ast.AugAssign | ast.AnnAssign) and ast.unparse(node.target) == name and node.value:
            yield node.value


RECORDINGS = list(recordings())


@pytest.mark.parametrize("at", RECORDINGS, ids=lambda at: f"{at.function.name}:{at.call.lineno}")
def test_every_deed_that_is_recorded_has_words_with_all_its_facts(at):
    verbs = texts(at.call.args[1], at)
    assert verbs
    assert verbs <= set(VERBS)
    assert keys(at) <= set(FACTS)
    target = at.call.args[2]
    if isinstance(target, ast.JoinedStr):
        assert target.values[0].value.rstrip(":") in KINDS


def test_every_field_that_can_be_named_as_changed_has_a_word():
    assert CHANGED | {"wants_mail", "before", "after"} <= set(FACTS)


NAMES = {"person": {7: "Budi Contoh"}, "cohort": {5: "Keuangan dasar, Angkatan I"}, "course": {2: "Keuangan dasar"}}


def entry(target: str, actor_id: int | None = None, **facts: object) -> LedgerEntry:
    return LedgerEntry(id=1, at=NOON, actor_id=actor_id, verb="grade", target=target, facts=json.dumps(facts))


def shown(**facts: object) -> list[tuple[str, str]]:
    return line(entry("attempt:1", **facts), NAMES).facts


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"score": "75.00", "reason": ""}, ["75"]),
        ({"score": "82.50", "final": "0.00"}, ["82,50", "0"]),
        ({"person": 7, "cohort": 1234, "deputy": None}, ["Budi Contoh", "#1234"]),
        ({"course": 2, "cohort": 5}, ["Keuangan dasar", "Keuangan dasar, Angkatan I"]),
        ({"files": 1200, "late_days": 0}, ["1.200", "0"]),
        ({"until": "2026-12-01", "reason": "kind"}, ["1 Desember 2026", "kind"]),
        ({"after": "Sorong", "before": ""}, ["–", "Sorong"]),
        ({"publish_at": "2026-11-30T22:00:00+00:00"}, ["1 Desember 2026 pukul 07.00 WIT"]),
    ],
)
def test_facts_are_told_as_people_here_read_them_and_empty_ones_not_at_all(app, facts, told):
    with app.test_request_context():
        assert [text for _label, text in shown(**facts)] == told


def test_facts_within_facts_are_told_in_words(app):
    rule = {"items": "all", "score": 70.5, "attendance": None}
    changed = {"starts_on": {"before": None, "after": "2026-01-05"}}
    with app.test_request_context():
        (_label, one), (_label, other) = shown(rule=rule, changed=changed)
    assert "attendance" not in one
    assert "70,50" in one
    assert "–" in other
    assert "5 Januari 2026" in other


@pytest.mark.parametrize(
    ("target", "told", "has_a_page"),
    [
        ("person:7", "Budi Contoh", True),
        ("cohort:5", "Keuangan dasar, Angkatan I", False),
        ("cohort:6", "angkatan 6", False),
        ("attempt:5", "percobaan kuis 5", False),
    ],
)
def test_what_was_acted_on_is_told_by_name_where_it_has_one(app, target, told, has_a_page):
    with app.test_request_context("/admin/audit"), force_locale("id"):
        one = line(entry(target), NAMES)
    assert (one.target, one.url is not None) == (told, has_a_page)


@pytest.mark.parametrize(
    ("actor_id", "told"), [(7, "mendaftar"), (8, "mendaftarkan peserta"), (None, "mendaftarkan peserta")]
)
def test_enrolling_oneself_is_not_told_as_enrolling_a_participant(app, actor_id, told):
    with app.test_request_context("/admin/audit"), force_locale("id"):
        one = line(
            LedgerEntry(id=1, at=NOON, actor_id=actor_id, verb="enrol", target="enrolment:3", facts='{"person": 7}'),
            NAMES,
        )
    assert one.action == told


def test_points_are_told_with_a_comma(app):
    with app.test_request_context("/admin/audit"), force_locale("id"):
        assert line(entry("attempt:5", points="2.50"), NAMES).facts == [("poin", "2,50")]


def test_names_are_asked_for_whatever_is_mentioned():
    entries = [entry("cohort:5", actor_id=7, course=2, cohort=6), entry("person:8", person=9, reason="cohort")]
    assert mentioned(entries, "person") == {7, 8, 9}
    assert mentioned(entries, "cohort") == {5, 6}
    assert mentioned(entries, "course") == {2}
