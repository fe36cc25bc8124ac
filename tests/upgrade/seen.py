"""What a person sees of a page: its words, and what its fields hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from pages import csrf_token

BLOCKS = set(
    """a address article aside blockquote body br button caption dd details dialog div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr input label legend li main nav ol option p pre section select summary
    table tbody td textarea tfoot th thead title tr ul""".split()  # noqa: SIM905
)
SILENT = {"script", "style", "template", "svg", "math"}
CODED = re.compile(r"(?<=/static/)\S+|(?<=/calendar/)[\w-]+|(?<=Nomor kejadian: )\w+")
"""What is different each time: names of assets, secret addresses, numbers of refusals."""


def text_of(html: str) -> str:
    """The text on a screen once scripts have begun, a block a line.

    Fields show ``[value]``, what is ticked or chosen ``[x]``.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return CODED.sub("…", "\n".join(line for line in lines if line))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0
        self.unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        is_unseen = "print-only" in (dict(attrs).get("class") or "").split() or "data-unscripted" in dict(attrs)
        if is_unseen or tag in self.unseen:
            self.unseen.append(tag)
        if tag in BLOCKS:
            self.parts.append("\n")
        said = dict(attrs)
        if tag == "input" and said.get("type") not in {"hidden", "submit", "checkbox", "radio", "file"}:
            self.parts.append(f"[{said.get('value') or ''}]")
        if {"checked", "selected"} & said.keys():
            self.parts.append("[x] ")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT
        if self.unseen and self.unseen[-1] == tag:
            self.unseen.pop()
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent and not self.unseen:
            self.parts.append(re.sub(r"\s+", " ", data))


class Visitor:
    """Someone at a browser; ``username`` None: nobody signed in."""

    def __init__(self, app: Flask, username: str | None, password: str) -> None:
        self.client = app.test_client()
        if username:
            answer = self.post("/login", username=username, password=password)
            assert answer.status_code in {302, 303}, text_of(answer.get_data(as_text=True))

    def post(self, path: str, page: str | None = None, **values: Any) -> Any:
        shown = self.client.get(page or path)
        body = shown.get_data(as_text=True)
        assert "csrf_token" in body, (path, shown.status, shown.location, text_of(body))
        token = csrf_token(body)
        return self.client.post(path, data={"csrf_token": token} | values, content_type="multipart/form-data")

    def see(self, path: str) -> str:
        """The status, where it leads on to, and what it says."""
        answer = self.client.get(path)
        if answer.status_code in {301, 302, 303, 307, 308}:
            return f"{answer.status_code} {answer.location}"
        said = answer.get_data(as_text=True)
        return f"{answer.status_code}\n" + (text_of(said) if answer.mimetype == "text/html" else said)
