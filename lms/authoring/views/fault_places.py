"""Where the faults of a draft are corrected: a field of a form where there is one, otherwise the source text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from flask import url_for

from lms.authoring.forms.question_errors import field_of_fault
from lms.authoring.forms.remedies import for_question_form, for_question_list, for_settings_form, setting_of
from lms.authoring.forms.setting_fields import SettingField, fields_of_file
from lms.authoring.forms.setting_values import shown
from lms.authoring.front_matter import NotEditable, lines_of
from lms.authoring.questions.reading import QuestionFile, read_questions
from lms.authoring.rubric_grid import RubricPlace, is_assignment, rubric_place
from lms.authoring.services import Source
from lms.authoring.services.checking import title_in
from lms.content.markdown.problems import Problem
from lms.core.i18n import gettext as _


class FaultPlace(NamedTuple):
    """``problem``: the fault in the words of the place. ``source``: its line in the file."""

    label: str
    address: str
    source: str
    problem: Problem


class _SettingsOfFile(NamedTuple):
    fields: tuple[SettingField, ...] = ()
    keys: Mapping[int, str] = {}


def places(slug: str, draft: Source) -> Callable[[Problem], FaultPlace]:
    """The place of each problem of this draft."""
    return _DraftForms(slug, draft).place


class _DraftForms:
    """Reads each file once, however many faults it has."""

    def __init__(self, slug: str, draft: Source) -> None:
        self._slug, self._draft = slug, draft
        self._questions = cache(self._read_questions)
        self._rubric = cache(self._read_rubric)
        self._settings = cache(self._read_settings)

    def place(self, one: Problem) -> FaultPlace:
        file = self._draft.files.get(one.path)
        if file is None or not file.is_text or not one.path.lower().endswith(".md"):
            outline = url_for(".outline", slug=self._slug)
            return FaultPlace(one.path, outline, outline, one)
        title = title_in(file.data) or one.path
        source = url_for(".edit", slug=self._slug, file=one.path, _anchor=f"line-{one.line}")
        if in_list := for_question_list(one):
            return FaultPlace(title, url_for(".questions", slug=self._slug, file=one.path), source, in_list)
        return (
            self._in_question(one, title, source)
            or self._in_rubric(one, title, source)
            or self._in_settings(one, title, source)
            or FaultPlace(title, source, source, one)
        )

    def _in_question(self, one: Problem, title: str, source: str) -> FaultPlace | None:
        found = self._questions(one.path)
        numbered = enumerate(found.questions if found else (), 1)
        number, question = next((pair for pair in numbered if pair[1].has_line(one.line)), (0, None))
        field = field_of_fault(question, one) if question else None
        if field is None:
            return None
        label = _("Question %(n)s – %(title)s", n=number, title=title)
        address = url_for(".question", slug=self._slug, number=number, file=one.path, _anchor=field.control)
        return FaultPlace(f"{label}: {field.label}", address, source, field.problem)

    def _in_rubric(self, one: Problem, title: str, source: str) -> FaultPlace | None:
        grid = self._rubric(one.path)
        if grid is None or not grid.has_line(one.line):
            return None
        address = url_for(".rubric", slug=self._slug, file=one.path, _anchor="rubric")
        return FaultPlace(_("Rubric – %(title)s", title=title), address, source, for_question_form(one))

    def _in_settings(self, one: Problem, title: str, source: str) -> FaultPlace | None:
        fields, keys = self._settings(one.path)
        setting = setting_of(one, fields, keys)
        if setting is None:
            return None
        address = url_for(".settings", slug=self._slug, file=one.path, _anchor=setting.control)
        label = _("Settings – %(title)s", title=title)
        return FaultPlace(f"{label}: {setting.label}", address, source, for_settings_form(one, fields))

    def _read_questions(self, path: str) -> QuestionFile | None:
        return read_questions(self._draft.files[path].data)

    def _read_rubric(self, path: str) -> RubricPlace | None:
        raw = self._draft.files[path].data
        return rubric_place(raw) if is_assignment(raw) else None

    def _read_settings(self, path: str) -> _SettingsOfFile:
        raw = self._draft.files[path].data
        try:
            fields = fields_of_file(path, raw)
            values = shown(fields, raw)
            keys = {line: key for key, line in lines_of(raw).items()}
        except NotEditable:
            return _SettingsOfFile()
        return _SettingsOfFile(tuple(one for one in fields if one.key in values), keys)
