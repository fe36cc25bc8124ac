"""HTML of other programs becomes Markdown that is read back as the same structure."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from textwrap import indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.content.markdown.from_html import HtmlPicture, from_html
from lms.content.rendering.markdown_html import LinkTarget, render

_MARKS = {"b": "strong", "i": "em", **{name: name for name in ("strong", "em", "del", "sub", "kbd")}}


class _Structure(HTMLParser):
    """Elements, and characters with the marks that they stand in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[object, ...]] = []
        self.marks: list[str] = []
        self.feed(re.sub("(?:<br> ?)+", "<br>", html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" or tag in _MARKS:
            self.marks.append(_MARKS.get(tag) or f"a:{dict(attrs).get('href')}")
        else:
            self.found.append(("element", tag, *attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" or tag in _MARKS:
            self.marks.pop()
        else:
            self.found.append(("element", f"/{tag}"))

    def handle_data(self, data: str) -> None:
        for one in data:
            if not one.isspace():
                self.found.append((one, frozenset(self.marks)))
            elif self.found and self.found[-1] != (" ",):
                self.found.append((" ",))


def structure(html: str) -> list[tuple[object, ...]]:
    """Spaces beside elements are left out, as a browser shows none beside most of them."""
    found = _Structure(html).found
    return [
        one
        for at, one in enumerate(found)
        if one != (" ",) or "element" not in {other[0] for other in (*found[at - 1 : at], *found[at + 1 : at + 2])}
    ]


def _rendered(markdown: str) -> str:
    return render(markdown, resolve=LinkTarget).html


_TAGS = re.findall(r"\S+", "p li ul ol table tr td b i a div span pre h1 br img sup input o:p style")
_WORDS = re.findall(
    r"\S+",
    "layanan warga 2025 a_b x* C# [1] a<b R&D &amp; 50% $5 $6 ~3 | `q` Judul: (a) “k” 1. - + # > = é — ! #",
)
_text = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=5).map(
    lambda words: re.sub(r"([\\*_`\[\]<>&$~|#+=!.-])", r"\\\1", " ".join(words))
)
_pieces = [
    _text,
    _text.map("[{}](a/b.md)".format),
    _text.map("![{}](m/x.png)".format),
    _text.map("x ~~{}~~".format),
    *map(st.just, ["`kode |`", "<kbd>Ctrl</kbd>", "<https://lms.id/a_b?x=1>", "H<sub>2</sub>O"]),
]


def _inline(depth: int) -> st.SearchStrategy[str]:
    if not depth:
        return st.one_of(_pieces)
    inner = _inline(depth - 1)
    some = st.lists(st.one_of(*_pieces, inner.map("**{}**".format), inner.map("*{}*".format)), min_size=1, max_size=3)
    return st.builds(lambda gap, parts: gap.join(parts), st.sampled_from(["", " "]), some)


_line = _inline(2)
_row = st.lists(_text, min_size=2, max_size=2).map(lambda cells: f"| {cells[0]} | {cells[1]} |")


def _items(marker: str, items: list[str], between: str = "\n\n") -> str:
    return between.join(f"{marker} {indent(one, ' ' * (len(marker) + 1)).lstrip(' ')}" for one in items)


def _blocks(depth: int) -> st.SearchStrategy[str]:
    found = [
        _line,
        _line.map("## {}".format),
        *map(st.just, ["***", "```\nx = 1\n\n  y `\n```"]),
        st.tuples(_line, _line).map("\\\n".join),
        st.lists(_row, min_size=1, max_size=3).map(lambda rows: "\n".join([rows[0], "|---|--:|", *rows[1:]])),
    ]
    if depth:
        inner = st.lists(_blocks(depth - 1), min_size=1, max_size=3).map("\n\n".join)
        several = st.lists(inner, min_size=1, max_size=3)
        lines = st.lists(_line, min_size=1, max_size=3)
        pairs = st.lists(st.tuples(_line, _line), min_size=1, max_size=2)
        found += [
            inner.map(lambda text: indent(text, "> ", lambda line: True)),
            several.map(lambda items: _items("-", items)),
            several.map(lambda items: _items("3.", items)),
            lines.map(lambda items: _items("-", items, "\n")),
            lines.map(lambda items: _items("- [x]", items, "\n")),
            pairs.map(lambda items: "\n".join(f"- {one}\n  1. {other}" for one, other in items)),
            st.tuples(_text, inner).map(lambda pair: f'!!! tip "{pair[0]}"\n{indent(pair[1], "    ")}'),
            inner.map("<details><summary>Lihat</summary>\n\n{}\n\n</details>".format),
        ]
    return st.one_of(found)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(_blocks(2), min_size=1, max_size=4).map("\n\n".join))
def test_what_the_renderer_wrote_becomes_markdown_of_the_same_structure(source: str) -> None:
    html = _rendered(source)
    assert structure(_rendered(from_html(html))) == structure(html)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(_TAGS).flatmap(
                lambda tag: st.sampled_from(
                    [f"<{tag}>", f"</{tag}>", f"<{tag} href='#x' id=x style='mso-list:l0 level2'>"]
                )
            ),
            st.text(max_size=8),
        ),
        max_size=30,
    ).map("".join)
)
def test_any_html_gives_markdown_that_can_be_rendered(html: str) -> None:
    render(from_html(html))


WORD = """
<html><head><style>p {color: red}</style></head><body><!--StartFragment-->
<p class=MsoTitle>Standar Pelayanan</p>
<p class=MsoNormal><b>Dasar:</b>UU Nomor 25&nbsp;Tahun 2009<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span></span><![endif]>Satu</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.<span>&nbsp;
</span></span>Dalam</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>Dua</p>
<p class=MsoNormal><span lang=EN style='mso-fareast-language:IN'>Lihat<a style='mso-footnote-id:ftn1' href="#_ftn1"
name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a>.</span></p>
<div style='mso-element:footnote-list'><hr><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a
href="#_ftnref1" name="_ftn1">[1]</a> Pasal 4.</p></div></div><!--EndFragment--></body></html>"""


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("", ""),
        ("<p>a", "a\n"),
        ("<h1>Judul</h1><h2>Bab</h2>", "## Judul\n\n### Bab\n"),
        ("<p>a&nbsp;b\u200b c\u00ad</p>", "a b c\n"),
        ("<b>a</b><b>b</b> <strong> c </strong>d", "**ab** **c** d\n"),
        ("<p><b>Judul:</b>teks</p>", "**Judul**:teks\n"),
        ("<p>a<i>(b)</i>c</p>", "a<i>(b)</i>c\n"),
        (
            "<b style='font-weight:normal' id='docs-internal-guid-1'><p><span style='font-weight:700'>a</span></p></b>",
            "**a**\n",
        ),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b\n"),
        ("<ul><li>a<li>b<ol start=3><li>c</ol></ul>", "- a\n- b\n\n  3. c\n".replace("- a\n- b", "- a\n\n- b")),
        ("<ul><li><p role='presentation'>a</p></li><li><p role='presentation'>b</p></li></ul>", "- a\n- b\n"),
        (
            "<table><tr><td>A<td>B<tr><td colspan=2>c|d</table>",
            "| A | B |\n|---|---|\n| c\\|d |   |\n".replace("|---|---|", "| --- | --- |"),
        ),
        ("<table><tr><td><p>a</p><ul><li>b</li></ul></td><td>c</td></tr></table>", "| a<br>• b | c |\n| --- | --- |\n"),
        ("<table><tr><td><p>Satu</p><p>sel</p></td></tr></table>", "Satu\n\nsel\n"),
        ("<p>a<br>b<br><br>c</p>", "a\\\nb\n\nc\n"),
        ("<pre class='language-python'><code>x = 1\n</code></pre>", "```python\nx = 1\n```\n"),
        ("<a href='javascript:alert(1)'>a</a> <a href='x y.md'>b</a> <a href='#_Toc1'>c</a>", "a [b](<x y.md>) c\n"),
        ("<img src='data:image/png;base64,AAAA' alt='Alur'><script>x</script>", "Alur\n"),
        ("<p># bukan judul</p><p>1. bukan daftar</p>", "\\# bukan judul\n\n1\\. bukan daftar\n"),
        ("<dl><dt>ASN</dt><dd>Aparatur</dd></dl>", "**ASN**\n\nAparatur\n"),
        (
            "<p>a<sup><a href='#footnote-1' id='footnote-ref-1'>[1]</a></sup></p><ol><li id='footnote-1'><p>Pasal 4."
            " <a href='#footnote-ref-1'>↑</a></p></li></ol>",
            "a[^1]\n\n[^1]: Pasal 4.\n",
        ),
        (
            WORD,
            "## Standar Pelayanan\n\n**Dasar**:UU Nomor 25 Tahun 2009\n\n- Satu\n  1. Dalam\n- Dua\n\n"
            "Lihat[^1].\n\n[^1]: Pasal 4.\n",
        ),
    ],
)
def test_html_of_other_programs_becomes_clean(html: str, markdown: str) -> None:
    assert from_html(html) == markdown


def test_pictures_stand_where_the_caller_says() -> None:
    seen: list[HtmlPicture] = []

    def target(found: HtmlPicture) -> str:
        seen.append(found)
        return "../media/alur [1].png"

    assert (
        from_html("<img src='x.png' alt='Alur [a]' width=640>", target) == "![Alur \\[a\\]](<../media/alur [1].png>)\n"
    )
    assert seen == [HtmlPicture("x.png", "Alur [a]", 640, None)]


@pytest.mark.parametrize(
    "html", ["<b>" * 50_000, "<ul><li>" * 20_000, "<table><tr><td>" * 5_000, "</p>" * 50_000, "<" * 50_000]
)
def test_hostile_html_ends(html: str) -> None:
    from_html(html + "x")
