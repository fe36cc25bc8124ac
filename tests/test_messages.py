"""Both catalogues are complete, and name only texts that exist."""

from __future__ import annotations

import messages
import pytest


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_text_is_translated(language):
    assert messages.problems(language) == []
