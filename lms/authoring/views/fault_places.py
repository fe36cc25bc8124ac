"""Where the faults of a draft are corrected: a field of a form where there is one, otherwise the source text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from flask import url_for

from lms.authoring.forms.question_errors import field_of_fault
from lms.authoring.forms.remedies import for_question_form, for_question_list, for_settings_form, setting_of
from lms.authoring.forms.setting_fields import SettingField, fields_of_file, shown
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
    @cache
    def questions(path: str) -> QuestionFile | None:
        return read_questions(draft.files[path].data)

    @cache
    def settings(path: str) -> _SettingsOfFile:
        raw = draft.files[path].data
        try:
            fields = fields_of_file(path, raw)
            values = shown(fields, raw)
            keys = {line: key for key, line in lines_of(raw).items()}
        except NotEditable:
            return _SettingsOfFile()
        return _SettingsOfFile(tuple(one for one in fields if one.key in values), keys)

    @cache
    def rubric(path: str) -> RubricPlace | None:
        return rubric_place(draft.files[path].data) if is_assignment(draft.files[path].data) else None

    def place(one: Problem) -> FaultPlace:
        file = draft.files.get(one.path)
        if file is None or not file.is_text or not one.path.lower().endswith(".md"):
            outline = url_for(".outline", slug=slug)
            return FaultPlace(one.path, outline, outline, one)
        title = title_in(file.data) or one.path
        source = url_for(".edit", slug=slug, file=one.path, _anchor=f"line-{one.line}")
        if in_list := for_question_list(one):
            return FaultPlace(title, url_for(".questions", slug=slug, file=one.path), source, in_list)
        found = questions(one.path)
        for number, question in enumerate(found.questions if found else (), 1):
            if not question.has_line(one.line):
                continue
            if not (field := field_of_fault(question, one)):
                break
            label = _("Question %(n)s – %(title)s", n=number, title=title)
            address = url_for(".question", slug=slug, number=number, file=one.path, _anchor=field.control)
            return FaultPlace(f"{label}: {field.label}", address, source, field.problem)
        if (grid := rubric(one.path)) and grid.has_line(one.line):
            address = url_for(".rubric", slug=slug, file=one.path, _anchor="rubric")
            return FaultPlace(_("Rubric – %(title)s", title=title), address, source, for_question_form(one))
        fields, keys = settings(one.path)
        if setting := setting_of(one, fields, keys):
            address = url_for(".settings", slug=slug, file=one.path, _anchor=setting.control)
            label = _("Settings – %(title)s", title=title)
            return FaultPlace(f"{label}: {setting.label}", address, source, for_settings_form(one, fields))
        return FaultPlace(title, source, source, one)

    return place
