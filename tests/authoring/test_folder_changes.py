"""Who changed a file since a folder was downloaded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.folder_changes import folder_differences, folder_state

FIRST = {"a": "1", "b": "1", "c": "1"}
SECOND = {"a": "2", "b": "1", "c": "1", "d": "1"}


@pytest.mark.parametrize(
    ("ours", "edited", "theirs", "kinds"),
    [
        (SECOND, "", SECOND, {}),
        (SECOND, "", SECOND | {"b": "9"}, {"b": "theirs"}),
        (SECOND, "", SECOND | {"e": "9"}, {"e": "theirs"}),
        (SECOND, "", FIRST, {"a": "ours", "d": "missing"}),
        (SECOND, "", FIRST | {"a": "9"}, {"a": "both", "d": "missing"}),
        (SECOND | {"b": "5"}, "b", SECOND, {"b": "ours"}),
        (SECOND | {"b": "5"}, "b", SECOND | {"b": "9"}, {"b": "both"}),
        (SECOND | {"b": "5"}, "b", SECOND | {"b": "4", "c": "9"}, {"b": "both", "c": "theirs"}),
        ({"a": "2", "b": "1", "c": "1"}, "", SECOND, {"d": "removed"}),
    ],
)
def test_changes_are_told_apart(ours, edited, theirs, kinds):
    found = folder_differences(ours, set(edited), theirs, [SECOND, FIRST])
    assert {one.path: one.kind for one in found} == kinds


def test_a_folder_of_just_this_draft_has_no_conflict():
    ours = SECOND | {"b": "5"}
    found = folder_differences(ours, {"b"}, ours | {"b": "9"}, [SECOND], folder_state(ours))
    assert [(one.path, one.kind) for one in found] == [("b", "theirs")]


_hashes = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("123"))


@given(_hashes, st.sets(st.sampled_from("abcd")), _hashes, st.lists(_hashes, max_size=3))
def test_nothing_edited_on_the_site_is_given_up_unasked(ours, edited, theirs, revisions):
    for one in folder_differences(ours, edited, theirs, revisions):
        assert ours.get(one.path) != theirs.get(one.path)
        if one.takes:
            assert one.path not in edited or one.path not in ours
