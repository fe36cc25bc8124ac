"""The check of styles and scripts finds what is too new, and accepts what has a fallback."""

from __future__ import annotations

import browser_list
import pytest
from browsers import support_data
from browsers.script_support import Script
from browsers.style_support import Sheet

DATA = support_data.read()


def of_styles(text: str, **niceties: str) -> list[str]:
    return Sheet(DATA["css"], niceties).check(text)


def of_script(text: str) -> list[str]:
    return Script(DATA["syntax"], DATA["names"]).check(text)


def test_the_site_works_in_the_browsers_of_the_list():
    assert browser_list.problems() == []


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("a { inset: 0 }", "properties.inset"),
        ("a { width: clamp(1rem, 2vw, 3rem) }", "types.clamp"),
        ("a { --large: clamp(1rem, 2vw, 3rem) }", "types.clamp"),
        ("a { color: color-mix(in srgb, red 8%, blue) }", "types.color.color-mix"),
        ("a { margin-inline: auto }", "properties.margin-inline"),
        ("a { aspect-ratio: 1 }", "properties.aspect-ratio"),
        ("a { overflow: clip }", "properties.overflow.clip"),
        ("a { min-height: 100dvh }", "types.length.viewport_percentage_units_dynamic"),
        ("a { overflow-wrap: anywhere }", "properties.overflow-wrap.anywhere"),
        ("a { float: inline-end }", "properties.float.inline-end"),
        ("a:not(.b, .c) { color: red }", "selectors.not.selector_list"),
        ("a:is(.b, .c) { color: red }", "selectors.is"),
        ("a:has(b) { color: red }", "selectors.has"),
        ("p a:not(:focus-visible) { color: red }", "selectors.focus-visible"),
        ("@layer base { a { color: red } }", "at-rules.layer"),
        ("@container (min-width: 1px) { a { color: red } }", "at-rules.container"),
        ("@media (width >= 40rem) { a { color: red } }", "at-rules.media.range_syntax"),
        ("@media print { a { inset: 0 } }", "properties.inset"),
        ("@supports (display: grid) { a { inset: 0 } }", "properties.inset"),
    ],
)
def test_a_style_that_is_too_new_is_found(text, feature):
    assert any(feature in problem for problem in of_styles(text)), of_styles(text)


@pytest.mark.parametrize("display", ["display: flex; ", "display: inline-flex; ", ""])
def test_the_gap_of_a_flex_box_is_found(display):
    assert "the gap of the flex box .row" in of_styles(f".row {{ {display}gap: 1rem }}")[0]


@pytest.mark.parametrize(
    "text",
    [
        "a { padding: 1rem; padding: clamp(1rem, 2vw, 3rem) }",
        "a { -webkit-appearance: none; appearance: none }",
        "a { word-break: break-word; overflow-wrap: anywhere }",
        "a { float: right; float: inline-end }",
        "@supports (aspect-ratio: 1) { a { aspect-ratio: 1 } }",
        "a { display: grid; gap: 1rem } a { gap: 2rem } .b > a { gap: 0 }",
        ".row { display: flex; gap: 1rem } @supports not (inset: 0) { .row > * { margin: 1rem } }",
        "a:not(.b):not(.c)::after { color: #1a23240f; width: max(1rem, min(2vw, 3rem)) }",
        "@media (max-width: 40rem) and (prefers-color-scheme: dark) { a { position: sticky; top: 0 } }",
    ],
)
def test_a_style_with_a_fallback_passes(text):
    assert of_styles(text) == []


def test_what_only_makes_a_page_nicer_is_named_with_its_reason():
    assert of_styles("h1 { text-wrap: balance }", **{"properties.text-wrap": "breaks where it is full"}) == []


def test_a_reason_for_what_nothing_asks_for_is_found():
    sheet = Sheet(DATA["css"], {"properties.text-wrap": "breaks where it is full"})
    sheet.check("h1 { color: red }")
    assert sheet.unused == {"properties.text-wrap"}


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("a?.b", "operators.optional_chaining"),
        ("a ?? b", "operators.nullish_coalescing"),
        ("a ??= b", "operators.nullish_coalescing_assignment"),
        ("a ||= b", "operators.logical_or_assignment"),
        ("class A { b = 1 }", "classes.public_class_fields"),
        ("class A { #b = 1 }", "classes.private_class_fields"),
        ("await a", "operators.await.top_level"),
        ("/(?<=a)b/.test(c)", "regular_expressions.lookbehind_assertion"),
        ("a.replaceAll('b', 'c')", "replaceAll"),
        ("a.at(-1)", "at"),
        ("structuredClone(a)", "structuredClone"),
        ("form.requestSubmit()", "requestSubmit"),
        ("a.replaceChildren(b)", "replaceChildren"),
        ("crypto.randomUUID()", "randomUUID"),
        ("new BroadcastChannel('a')", "BroadcastChannel"),
        ("navigator.locks.request('a', b)", "locks"),
        ("Promise.any([a])", "any"),
        ("indexedDB.databases()", "databases"),
        ("addEventListener('scrollend', a)", "scrollend_event"),
        ("const a = ;", "cannot be read"),
    ],
)
def test_a_script_that_is_too_new_is_found(text, feature):
    assert any(feature in problem for problem in of_script(text)), of_script(text)


@pytest.mark.parametrize(
    "text",
    [
        "async () => { const {a, ...b} = await c; return {...b, d: [...a].flat()}; }",
        "try { a(); } catch { b(); }",
        "const tabs = window.BroadcastChannel && new BroadcastChannel('a');",
        "if ('locks' in navigator) navigator.locks.request('a', b);",
        "if (form.requestSubmit) form.requestSubmit(); else button.click();",
        "if (!crypto.randomUUID) a(); else crypto.randomUUID();",
        "typeof structuredClone == 'function' ? structuredClone(a) : b",
        "const at = 1; f(at, {replaceAll: 2});",
        "a.map(at => at + 1);",
    ],
)
def test_a_script_that_asks_first_passes(text):
    assert of_script(text) == []


def test_a_sheet_is_seen_as_an_old_browser_sees_it():
    seen = Sheet(DATA["css"]).as_seen(
        "a { padding: 1rem; padding: clamp(1rem, 2vw, 3rem); inset: 0 }"
        ".row { display: flex; gap: 1rem } .grid { display: grid; gap: 1rem }"
        "a:has(b), i { color: red } @supports not (inset: 0) { .row > * { margin: 1rem } }"
        "@supports (inset: 0) { u { color: red } } @media print { s { inset: 0; color: red } }"
    )
    assert "".join(seen.split()) == (
        "a{padding:1rem}.row{display:flex}.grid{display:grid;gap:1rem}.row>*{margin:1rem}@mediaprint{s{color:red}}"
    )
