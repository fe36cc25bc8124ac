"""The name of a page and the number of a change."""

from __future__ import annotations

import pytest

from lms.journal.events import ClientSeq


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("", None), (".1", None), ("x", ClientSeq("x", 0)), ("x.", ClientSeq("x", 0)), ("x.y", ClientSeq("x", 0)),
        ("x.-1", ClientSeq("x", 0)), ("x.²", ClientSeq("x", 0)), ("x.12", ClientSeq("x", 12)),
    ],
)  # fmt: skip
def test_a_page_is_named_also_where_no_script_counts(text, parsed):
    assert ClientSeq.parse(text) == parsed
