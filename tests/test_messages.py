"""The Indonesian catalogue is complete, and what is collected are all the texts that people read."""

from __future__ import annotations

import messages
import pytest


def test_every_text_is_translated():
    assert messages.problems() == []


@pytest.mark.parametrize(
    ("name", "source", "found"),
    [
        ("one.py", "_('Enrol')", "Enrol"),
        ("one.py", "lazy('Enrol %(name)s', name=1)", "Enrol %(name)s"),
        ("one.py", "say('a fault', place=1)", "a fault"),
        ("one.py", "ngettext('%(num)s day', '%(num)s days', n)", ("%(num)s day", "%(num)s days")),
        ("one.py", "lazy_ngettext('%(n)s day', '%(n)s days', 'n')", ("%(n)s day", "%(n)s days")),
        ("templates/one.html", "{{ ngettext('%(num)s day', '%(num)s days', 2) }}", ("%(num)s day", "%(num)s days")),
        ("templates/kinds/one.html", "{% trans %}\n  A\n  sentence\n{% endtrans %}", "A sentence"),
        ("beside_a_module.html", "{{ _('Enrol') }}", "Enrol"),
    ],
)
def test_what_is_collected(tmp_path, name, source, found):
    file = tmp_path / "lms" / name
    file.parent.mkdir(parents=True)
    file.write_text(source)
    messages.extract(tmp_path / "messages.pot", tmp_path / "lms")
    assert {message.id for message in messages.read(tmp_path / "messages.pot") if message.id} == {found}
