"""Who works on people."""

from __future__ import annotations

import pytest
from factories import make_admin, make_unit


@pytest.fixture
def admin(client):
    person = make_admin()
    make_unit("Dinas Kesehatan", make_unit("Pemerintah Kota Sorong", kind="instansi"))
    client.sign_in(person)
    return person
