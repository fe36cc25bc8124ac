"""What authors and learners may write, and what becomes of it."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser

import pytest
from content.rendering.allowed import faults

from lms.content.rendering.markdown_html import (
    Heading,
    LinkTarget,
    TextTooComplex,
    render,
    render_plain,
    without_paragraph,
)
from lms.content.text import PageTexts


def page(source: str) -> str:
    return render(source, resolve=lambda path: LinkTarget(f"/k/{path}")).html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Satu\ndua", "<p>Satu dua</p>"),
        ("Satu  \ndua\\\ntiga", "<p>Satu<br>dua<br>tiga</p>"),
        (
            "~~lama~~ **a** *b* `c < d`",
            "<p><del>lama</del> <strong>a</strong> <em>b</em> <code>c &lt; d</code></p>",
        ),
        ("5 < 6 & 7 > 2", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>"),
        ("Alasan:\n- a\n  - b", "<p>Alasan:</p><ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- a\n* b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("> a\n\n> b", "<blockquote><p>a</p></blockquote><blockquote><p>b</p></blockquote>"),
        ("a\n***\nb", "<p>a</p><hr><p>b</p>"),
        ("Istilah\n:bukan definisi", "<p>Istilah :bukan definisi</p>"),
        ("", ""),
    ],
)
def test_plain_markdown_becomes_plain_html(source: str, expected: str) -> None:
    assert page(source) == expected


def test_a_table_scrolls_inside_itself_and_tells_its_columns() -> None:
    assert page("| No | Nama | |\n|---:|:----:|-|\n| 1 | Ani | x |") == (
        '<div aria-label="Tabel: No, Nama" class="scroll" role="region" tabindex="0"><table><thead><tr>'
        '<th class="right" scope="col">No</th><th class="center" scope="col">Nama</th><td></td></tr></thead>'
        '<tbody><tr><td class="right">1</td><td class="center">Ani</td><td>x</td></tr></tbody></table></div>'
    )


def test_a_table_in_english_is_named_in_english() -> None:
    assert 'aria-label="Table: A"' in render("| A |\n|---|\n| 1 |", language="en").html


def test_a_table_without_rows_has_no_body_but_an_empty_row_stays() -> None:
    assert "<tbody>" not in page("| A | B |\n|---|---|")
    assert "<tbody><tr><td></td><td></td></tr></tbody>" in page("| A | B |\n|---|---|\n| | |")


def test_what_follows_a_table_stays_outside_of_it() -> None:
    assert page('| A |\n|---|\n| 1 |\n\n!!! tip ""\n    b').endswith(
        '</table></div><div class="note note--tip"><p>b</p></div>'
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "- [x] a",
            '<ul><li class="task"><label><input type="checkbox" disabled checked> a</label></li></ul>',
        ),
        ("1. [ ] a", '<ol><li class="task"><label><input type="checkbox" disabled> a</label></li></ol>'),
        ("- [] a", "<ul><li>[] a</li></ul>"),
    ],
)
def test_a_task_is_a_labelled_box_that_cannot_be_ticked(source: str, expected: str) -> None:
    assert page(source).replace(' disabled=""', " disabled").replace(' checked=""', " checked") == expected


def test_code_stands_in_a_list_and_the_keyboard_can_scroll_it() -> None:
    assert page("1. a\n   ```sh\n   ls\n\n   pwd\n   ```\n2. b") == (
        '<ol><li>a <pre tabindex="0"><code>ls\n\npwd</code></pre></li><li>b</li></ol>'
    )


def test_code_is_coloured_by_four_classes_of_one_letter() -> None:
    html = page('```python\ndef f():  # c\n    return "<b>", 1\n```')
    assert '<span class="k">def</span> f():  <span class="c"># c</span>' in html
    assert '<span class="s">"&lt;b&gt;"</span>, <span class="n">1</span>' in html


@pytest.mark.parametrize("language", ["", "text", "brainfuck", "question {#a}", '"><script>'])
def test_code_in_a_language_we_do_not_colour_stays_plain(language: str) -> None:
    assert page(f"```{language}\nif <x>\n```") == '<pre tabindex="0"><code>if &lt;x&gt;</code></pre>'


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ('!!! note "Ingat"', '<div class="note"><p class="note__title">Ingat</p><p>a</p></div>'),
        (
            "!!! warning",
            '<div class="note note--warning"><p class="note__title">Peringatan</p><p>a</p></div>',
        ),
        ('!!! tip "Kiat *baik*"', '<p class="note__title">Kiat <em>baik</em></p>'),
        ('!!! example ""', '<div class="note note--example"><p>a</p></div>'),
        ("!!! rahasia", '<div class="note"><p class="note__title">Rahasia</p>'),
    ],
)
def test_a_box_has_a_kind_and_a_title(opening: str, expected: str) -> None:
    assert expected in page(f"{opening}\n    a")


def test_the_alert_of_a_git_host_is_the_same_box() -> None:
    assert page("> [!WARNING]\n> a") == page("!!! warning\n    a")


def test_a_box_holds_lists_tables_and_code() -> None:
    html = page(
        "!!! note\n    - a\n      - b\n\n    | c |\n    |---|\n    | d |\n\n    ```\n    e\n\n    f\n    ```\n\ng"
    )
    assert html.startswith('<div class="note">')
    assert html.endswith('<pre tabindex="0"><code>e\n\nf</code></pre> </div><p>g</p>')


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$a^2$", "<p><math><msup><mi>a</mi><mn>2</mn></msup></math></p>"),
        ("$a<b$", "<p><math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math></p>"),
        ("$$\n\\frac{1}{2}\n$$", '<math display="block"><mfrac><mn>1</mn><mn>2</mn></mfrac></math>'),
        ("$\\text{<script>}$", "<p><math><mtext>&lt;script&gt;</mtext></math></p>"),
        ("$\\href{javascript:a}{x}$", "<p><math><mi>x</mi></math></p>"),
        ("$\\style{color:red}{x}$", "<p><math><mi>x</mi></math></p>"),
        ("$\\takdikenal$", "<p><code>\\takdikenal</code></p>"),
        ("$\\frac{a$", "<p><code>\\frac{a</code></p>"),
        ("$x_{$", "<p><code>x_{</code></p>"),
        ("$\\def\\a{<b>}\\a$", "<p><code>\\def\\a{&lt;b&gt;}\\a</code></p>"),
        ("Rp5.000 – $5 dan $6", "<p>Rp5.000 – $5 dan $6</p>"),
        ("US$5 atau US$6", "<p>US$5 atau US$6</p>"),
        ("$5, $6, $7", "<p>$5, $6, $7</p>"),
        ("\\$a$ dan 5$", "<p>$a$ dan 5$</p>"),
        ("`$a$`", "<p><code>$a$</code></p>"),
        ("$a$ pada tahun 2026", "<p><math><mi>a</mi></math> pada tahun 2026</p>"),
    ],
)
def test_formulas_become_mathml_and_prices_stay_prices(source: str, expected: str) -> None:
    assert page(source) == expected


def test_a_picture_has_its_size_and_waits_until_it_is_near() -> None:
    rendered = render(
        "![Alur <1>](../media/alur%20kerja.svg 'J')", resolve=lambda path: LinkTarget(f"/k/{path}", 640, 360)
    )
    assert rendered.html == (
        '<p><img src="/k/../media/alur kerja.svg" alt="Alur &lt;1&gt;" title="J" width="640" height="360" '
        'loading="lazy" decoding="async"></p>'
    )


def test_a_target_that_is_missing_leaves_the_text_and_the_description() -> None:
    assert render("[teks *m*](x.md) ![alur](y.svg)").html == (
        '<p>teks <em>m</em> <span class="missing">alur</span></p>'
    )


def test_a_picture_from_elsewhere_is_not_loaded() -> None:
    assert page("![a](https://jauh.id/a.png) ![b](//jauh.id/b.png)") == (
        '<p><span class="missing">a</span> <span class="missing">b</span></p>'
    )


def test_the_target_is_asked_for_as_the_author_wrote_it() -> None:
    asked: list[str] = []
    source = "[a](../x/02-asas.md#hak) ![b](<../media/dua kata.png>) [c][r] [d](#e) [f](https://g.id)\n\n[r]: é.md"
    render(source, resolve=asked.append)
    assert asked == ["../x/02-asas.md#hak", "../media/dua kata.png", "é.md"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "https://a.id/x_y_z.",
            '<p><a href="https://a.id/x_y_z" rel="noopener nofollow">https://a.id/x_y_z</a>.</p>',
        ),
        ("www.a.id", '<p><a href="http://www.a.id" rel="noopener nofollow">www.a.id</a></p>'),
        ("<https://a.id>", '<p><a href="https://a.id" rel="noopener nofollow">https://a.id</a></p>'),
        ("a@b.id", '<p><a href="mailto:a@b.id">a@b.id</a></p>'),
        ("[t](tel:+62967)", '<p><a href="tel:+62967">t</a></p>'),
        ('[t](b.md "J")', '<p><a href="/k/b.md" title="J">t</a></p>'),
        ("[t](#Bab%20Satu)", '<p><a href="#bab-satu">t</a></p>'),
        ("[](b.md)", ""),
    ],
)
def test_links_lead_where_they_say(source: str, expected: str) -> None:
    assert page(source) == expected


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "&#106;avascript:alert(1)", "&#x6A;avascript:a",
        "javascript&colon;a", "java&#10;script:a", "java&Tab;script:a", "%6Aavascript:a",
        "java%0Ascript:a", "<javascript:a>", "< javascript:a>", "\x01javascript:a", "java\x00script:a",
        "data:text/html,x", "data:image/png;base64,AA", "vbscript:x", "file:///etc", "ftp://a.id",
        "intent:x", "//jauh.id", "blob:x", "\u200bjavascript:a", "javascript\uff1aa",
    ],
)  # fmt: skip
def test_an_address_with_another_scheme_is_no_link(address: str) -> None:
    def as_written(path: str) -> LinkTarget:
        return LinkTarget(path)

    for source in (f"[x]({address})", f"![x]({address})", f"[x][r]\n\n[r]: {address}", f"<{address}>"):
        html = render(source, resolve=as_written).html
        addresses = [part.split('"')[0] for part in html.replace('src="', 'href="').split('href="')[1:]]
        assert not [found for found in addresses if found.split(":")[0].strip("\u200b").isalpha()], html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("a <img src=//x onerror=alert(1)>", '<p>a <span class="missing"></span></p>'),
        ("Nomor: <nomor surat>", "<p>Nomor: &lt;nomor surat&gt;</p>"),
        ("<div align=center>\nteks\n</div>", "<p>teks</p>"),
        ("<!-- a -->\n\nb <!-- c -->", "<p>b</p>"),
        ("<iframe src=//x></iframe>", "<p>&lt;iframe src=//x&gt;&lt;/iframe&gt;</p>"),
        ("H<sub>2</sub>O <kbd onclick=a>Esc</kbd><br/>", "<p>H<sub>2</sub>O <kbd>Esc</kbd><br></p>"),
        (
            '<abbr title="Badan &quot;X&quot;" id=main>B</abbr>',
            '<p><abbr title="Badan &quot;X&quot;">B</abbr></p>',
        ),
        ("a <b>b\n\nc</b> d", "<p>a b</p><p>c d</p>"),
        ("<b>*a</b>*", "<p><b><em>a</em></b></p>"),
        (
            "<details open>\n<summary>J</summary>\n\n*a*\n\n</details>",
            "<details> <summary>J</summary><p><em>a</em></p></details>",
        ),
        ("</div></main><p>", ""),
    ],
)
def test_raw_html_is_shown_or_dropped_but_for_a_few_harmless_tags(source: str, expected: str) -> None:
    html = page(source)
    assert html.replace("</main>", "").replace("<p>&lt;/main&gt;</p>", "") == expected
    assert faults(html) == []


def test_the_authors_title_is_not_the_pages_title() -> None:
    rendered = render("# Bab *satu*\n## Sub `kode`\n###### Kecil\n# Bab satu")
    assert rendered.headings == (
        Heading(2, "bab-satu", "Bab satu"),
        Heading(3, "sub-kode", "Sub kode"),
        Heading(6, "kecil", "Kecil"),
        Heading(2, "bab-satu-1", "Bab satu"),
    )
    assert rendered.html.startswith('<h2 id="bab-satu">Bab <em>satu</em></h2><h3 id="sub-kode">')


def test_levels_stay_where_the_author_uses_no_level_one() -> None:
    assert [heading.level for heading in render("### a\n\n## b").headings] == [3, 2]


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("Apa itu SPBE?", "apa-itu-spbe"),
        ("Café & Résumé", "café--résumé"),
        ("1.2 Ruang-lingkup_x", "12-ruang-lingkup_x"),
        ("???", "bagian"),
        ("Main", "main-1"),
    ],
)
def test_anchors_are_those_of_a_git_host_and_never_those_of_the_page(title: str, anchor: str) -> None:
    assert render(f"## {title}").headings[0].anchor == anchor


def test_a_heading_without_words_is_left_out() -> None:
    assert render("#\n\n## ##\n\na") == render("a")


def test_a_footnote_leads_there_and_back() -> None:
    assert page("a[^x] b[^x]\n\n[^x]: c *d*\n[^y]: tak dirujuk") == (
        '<p>a<sup id="fnref:1:1"><a href="#fn:1" role="doc-noteref" aria-label="Catatan kaki 1">1</a></sup> '
        'b<sup id="fnref:1:2"><a href="#fn:1" role="doc-noteref" aria-label="Catatan kaki 1">1</a></sup></p>'
        '<section role="doc-endnotes" aria-label="Catatan kaki" class="footnotes"><ol>'
        '<li id="fn:1"><p>c <em>d</em> '
        '<a href="#fnref:1:1" role="doc-backlink" aria-label="Kembali ke teks 1.1">↩\ufe0e</a> '
        '<a href="#fnref:1:2" role="doc-backlink" aria-label="Kembali ke teks 1.2">↩\ufe0e</a></p></li>'
        "</ol></section>"
    )


def test_a_prefix_keeps_the_ids_of_two_texts_apart() -> None:
    source = "# A\n\n[ke A](#a) b[^1]\n\n[^1]: c"
    both = render(source, prefix="satu-").html + render(source, prefix="dua-").html
    assert faults(both) == []
    assert '<a href="#satu-a">' in both
    assert '<h2 id="dua-a">' in both


def test_what_looks_like_the_renderers_own_marks_is_dropped() -> None:
    forged = "".join(map(chr, range(0xE000, 0xE100)))
    assert page(f"a{forged}b &#xe03c;b&#xe03e; \x00\x02`\ue084{forged}0\ue085`") == "<p>ab b   <code>0</code></p>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Ibu *kota*?", "Ibu <em>kota</em>?"),
        ("a\n\nb", "<p>a</p><p>b</p>"),
        ("- a", "<ul><li>a</li></ul>"),
        ("$x$", "<math><mi>x</mi></math>"),
        ("a\n\n- b", "<p>a</p><ul><li>b</li></ul>"),
        ("", ""),
    ],
)
def test_a_short_text_of_one_paragraph_comes_without_it(source: str, expected: str) -> None:
    assert without_paragraph(render(source).html) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("satu\ndua\n\ntiga", "<p>satu<br>dua</p><p>tiga</p>"),
        ("**a** _b_", "<p><strong>a</strong> <em>b</em></p>"),
        ("- a\n- b\n\n1. c", "<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"),
        ("https://a.id", '<p><a href="https://a.id" rel="noopener nofollow">https://a.id</a></p>'),
        ("[a](https://a.id) [b](b.md)", '<p><a href="https://a.id" rel="noopener nofollow">a</a> b</p>'),
        ("# a\n    b\n> c\n`d`\n---\n| e |", "<p># a<br>b<br>&gt; c<br>`d`<br>---<br>| e |</p>"),
        ("<b>x</b> ![a](b.png) $c$ [^1]", "<p>&lt;b&gt;x&lt;/b&gt; !a $c$ [^1]</p>"),
    ],
)
def test_learners_write_paragraphs_emphasis_lists_and_links(source: str, expected: str) -> None:
    assert render_plain(source) == expected


@pytest.mark.parametrize(("write", "limit"), [(render, 200_000), (render_plain, 4_000)])
def test_a_text_that_is_too_long_is_refused(write: object, limit: int) -> None:
    assert callable(write)
    write("kata " * (limit // 5))
    with pytest.raises(TextTooComplex, match=str(limit)):
        write("a" * (limit + 1))


def test_a_lesson_of_ordinary_length_is_light() -> None:
    lesson = (
        "## Bagian {0}\n\n"
        + "Pelayanan *publik* yang baik dan pasti. " * 8
        + "\n\n- a\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    )
    source = "".join(lesson.format(number) for number in range(12))
    html = render(source).html
    assert len(html) < 1.8 * len(source)
    assert len(gzip.compress(html.encode())) < 1_500


def attributes_of(html: str, name: str) -> list[dict[str, str | None]]:
    """The attributes of each element of this name, as a browser reads them."""
    found = []

    class Elements(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag == name:
                found.append(dict(attrs))

    Elements().feed(html)
    return found


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ('Nilai "baik" > 80', 'Tabel: Nilai "baik" > 80'),
        ("A & B", "Tabel: A & B"),
        ('" onclick=x y="', 'Tabel: " onclick=x y="'),
        ("`a<b>` 'c'", "Tabel: a<b> 'c'"),
        ("*Nilai* &quot;", 'Tabel: Nilai "'),
        (r"C:\dir \| \*x\*", r"Tabel: C:\dir | *x*"),
        ("**Nilai** $x > 1$ akhir", "Tabel: Nilai  akhir"),
        ("$x < 1$", "Tabel"),
        ("&amp;lt;b&amp;gt;", "Tabel: &lt;b&gt;"),
    ],
)
def test_a_table_is_labelled_with_whatever_its_heading_says(heading, label):
    [div] = attributes_of(render(f"| {heading} |\n|---|\n| 1 |").html, "div")
    assert div == {"aria-label": label, "class": "scroll", "role": "region", "tabindex": "0"}


HOSTILE = [
    'a "b" > 80',
    "<b onload='x'> & </b>",
    "&quot;&lt;&amp;amp;",
    r"C:\\dir\\",
    "'/><img src=x>",
    "*a* _b_ `c` $d$",
]


ALLOWED = {
    "img": {"src", "alt", "title", "loading", "decoding"},
    "a": {"href", "title", "rel", "role", "aria-label"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "h2": {"id"},
    "li": {"id", "class"},
    "input": {"type", "disabled", "checked"},
}


def picture(_path: str) -> LinkTarget:
    return LinkTarget("/media/1/gambar.png")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "source",
    [
        "![{}](gambar.png)",
        "![x](gambar.png '{}')",
        "[x](https://contoh.go.id '{}')",
        "[x](<https://contoh.go.id/?a={}>)",
        "| {} |\n|---|\n| 1 |",
        "## {}",
        "Teks[^1]\n\n[^1]: {}",
        "- [x] {}",
    ],
)
def test_no_text_leaves_the_attribute_that_it_is_in(source, text):
    html = render(source.format(text.replace("'", "&#39;")), resolve=picture).html
    assert faults(html) == []
    for name, allowed in ALLOWED.items():
        assert all(set(found) <= allowed for found in attributes_of(html, name))


@pytest.mark.parametrize(
    ("source", "name", "attribute", "value"),
    [
        ('![a "b" > <c> & d](x.png)', "img", "alt", 'a "b" >  & d'),
        ("![*a* `<b>` $c<d$ \\\\](x.png)", "img", "alt", "a <b> c<d \\"),
        ("![x](x.png 'a &quot;b&quot; > &lt;c> &amp;amp; \\\\')", "img", "title", 'a "b" > <c> &amp; \\'),
        ("[x](https://a.go.id 'a \\\"b\\\" > & *c*')", "a", "title", 'a "b" > & *c*'),
        ("<abbr title='a \"b\" &gt; &amp; c'>x</abbr>", "abbr", "title", 'a "b" > & c'),
    ],
)
def test_an_attribute_says_what_its_author_wrote(source, name, attribute, value):
    [found] = attributes_of(render(source, resolve=picture).html, name)
    assert found[attribute] == value


def at_media(path: str) -> LinkTarget | None:
    return LinkTarget(f"/{path}", 600, 300) if path.startswith("media/") else None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            '<img src="media/a.png" alt="A & B" width="300" onload="x">',
            '<p><img src="/media/a.png" alt="A &amp; B" width="300" height="150" loading="lazy" decoding="async"></p>',
        ),
        (
            "<img src=media/a.png height=30px>",
            '<p><img src="/media/a.png" alt="" width="60" height="30" loading="lazy" decoding="async"></p>',
        ),
        (
            '<img src="media/a.png" width="50%">',
            '<p><img src="/media/a.png" alt="" width="600" height="300" loading="lazy" decoding="async"></p>',
        ),
        ('<img src="https://a.id/b.png" alt="Peta">', '<p><span class="missing">Peta</span></p>'),
        (
            "<figure>\n<img src=media/a.png alt=A>\n<figcaption>Gambar 1</figcaption>\n</figure>",
            '<figure> <img src="/media/a.png" alt="A" width="600" height="300" loading="lazy" decoding="async">'
            " <figcaption>Gambar 1</figcaption> </figure>",
        ),
        (
            '<table class="x">\n<tr><th onclick=a>A</th><td colspan="2" style="x">B</td></tr>\n</table>',
            '<div class="scroll" tabindex="0" role="region" aria-label="Tabel"><table> <tbody><tr><th>A</th>'
            '<td colspan="2">B</td></tr> </tbody></table></div>',
        ),
        ('<a href="https://a.id">A</a>', '<p><a href="https://a.id" rel="noopener nofollow">A</a></p>'),
        ('<a href="javascript:alert(1)">A</a>', "<p>A</p>"),
        ("<strong>A</strong> <code>b</code>", "<p><strong>A</strong> <code>b</code></p>"),
        ("## Judul *satu* {#Bagian-1}", '<h2 id="bagian-1">Judul <em>satu</em></h2>'),
        ("## Judul {#a} b", '<h2 id="judul-a-b">Judul {#a} b</h2>'),
        ("Ide :bulb: 10:30:20 `:bulb:` :tak_ada:", "<p>Ide 💡 10:30:20 <code>:bulb:</code> :tak_ada:</p>"),
        ("Istilah\n: Arti", "<dl> <dt>Istilah</dt> <dd> Arti </dd> </dl>"),
    ],
)
def test_html_and_shorthands_that_authors_use_are_rendered(source: str, expected: str) -> None:
    assert render(source, resolve=at_media).html == expected


def test_what_is_not_shown_is_told() -> None:
    source = '![a](https://a.id/b.png) <img src="//x"> [b](javascript:x) [c](x.md) <table>\n\n</table>'
    lost = [(one.kind, one.what) for one in render(source, resolve=at_media).lost]
    assert lost[:4] == [("picture", "https://a.id/b.png"), ("img", "//x"), ("link", "x.md"), ("tag", "table")]


def test_texts_that_share_a_page_share_the_names_of_headings() -> None:
    page = PageTexts()
    first = render("## A\n\n[b](#a-1)", page=page, shares_anchors=True)
    second = render("## A\n\n[a](#a)[^1]\n\n[^1]: n", prefix="p2-", page=page, shares_anchors=True)
    assert [one.anchor for one in (*first.headings, *second.headings)] == ["a", "a-1"]
    assert 'href="#a"' in second.html
    assert 'href="#p2-fn:1"' in second.html


def test_a_question_links_to_its_own_headings_or_to_those_of_the_page() -> None:
    assert 'href="#q-b"' in render("### B\n\n[b](#b)", prefix="q-").html
    assert 'href="#b"' in render("[b](#b)", prefix="q-").html


def test_footnotes_of_texts_that_share_a_page_have_one_numbering() -> None:
    page, source = PageTexts(), "a[^x] b[^y]\n\n[^x]: eks\n[^y]: ye"
    first = render(source, page=page).html
    between = render("tanpa catatan", page=page).html
    second = render(source, prefix="p3-", page=page).html
    assert "<ol><li" in first
    assert "fn" not in between
    assert re.findall(r'href="#(?:p3-)?fn:(\d+)"[^>]*>(\d+)</a>', first + second) == [(n, n) for n in "1234"]
    assert '<ol start="3"><li id="p3-fn:3">' in second
    assert 'href="#p3-fnref:4:1"' in second
    assert page.footnotes == 4


@pytest.mark.parametrize(
    ("source", "language", "shown"),
    [
        ("[lembar](a.docx)", "id", "lembar (DOCX, 24~KB)"),
        ("[lembar (DOCX)](a.docx)", "id", "lembar (DOCX, 24~KB)"),
        ("[**lembar**](a.docx)", "id", "<strong>lembar</strong> (DOCX, 24~KB)"),
        ("[slides](b.pptx)", "en", "slides (PPTX, 1.5~MB)"),
        ("[salindia](b.pptx)", "id", "salindia (PPTX, 1,5~MB)"),
        ("[foto](c.png)", "id", "foto"),
    ],
)
def test_a_link_to_a_document_says_its_type_and_size(source: str, language: str, shown: str) -> None:
    found = {
        "a.docx": LinkTarget("/media/a.docx", document="DOCX", bytes=24_400),
        "b.pptx": LinkTarget("/media/b.pptx", document="PPTX", bytes=1_572_864),
        "c.png": LinkTarget("/media/c.png"),
    }
    html = render(source, resolve=found.get, language=language).html
    assert html.replace("\u00a0", "~").endswith(f">{shown}</a></p>")
