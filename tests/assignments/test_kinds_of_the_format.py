"""What an author may ask for is what the site can check."""

from lms.assignments.kinds import KINDS
from lms.content.markdown.values import FILE_TYPES


def test_every_kind_an_author_may_name_is_told_by_its_content_and_the_other_way_round():
    assert set(FILE_TYPES) == set(KINDS)
