"""Texts as they are written in front matter."""

from __future__ import annotations

import json
from typing import Any

import yaml


def yaml_text(text: str, *, in_list: bool = False) -> str:
    """The text as YAML reads it as this very text, in quotes only where it needs them."""
    return text if is_plain(text) and not (in_list and set(text) & set(",[]{}")) else double_quoted(text)


def is_plain(text: str) -> bool:
    """Whether YAML reads the text without quotes as this very text, and a person would not trip over it."""
    if not text or not text.isprintable() or text[0] in "~=<>.":
        return False
    try:
        whole: Any = yaml.compose(f"k: {text}", Loader=yaml.CSafeLoader)
        node = whole.value[0][1]
    except (yaml.YAMLError, AttributeError, IndexError, TypeError):
        return False
    is_text = isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str"
    return bool(is_text and node.value == text and not node.style)


def double_quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
