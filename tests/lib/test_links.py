from __future__ import annotations

import pytest

from lms.lib.links import is_https


@pytest.mark.parametrize(
    "address", ["https://contoh.go.id", "https://drive.example.com/a/b?c=d#e", "https://contoh.go.id:443/x"]
)
def test_a_whole_https_address_is_taken(address):
    assert is_https(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "contoh.go.id",
        "http://contoh.go.id",
        "ftp://contoh.go.id",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https://localhost",
        "https://nama:sandi@contoh.go.id",
        "https://contoh.go.id:8443/",
        "https://contoh.go.id/a b",
        'https://contoh.go.id/"><script>',
        "https://contoh.go.id/\n",
        "https://[::1",
        "https://contoh.go.id/" + "a" * 500,
    ],
)
def test_anything_else_is_no_link(address):
    assert not is_https(address)
