"""One slip of the finger."""

from __future__ import annotations

from lms.lib.folding import SHORTEST_WITH_A_SLIP


def is_one_slip(typed: str, meant: str) -> bool:
    """True if one letter is missing, too many or another one, or if two neighbours have changed places.

    A digit is never a slip, and neither is anything in a text of fewer than ``SHORTEST_WITH_A_SLIP`` characters.
    """
    if typed == meant or len(meant) < SHORTEST_WITH_A_SLIP or abs(len(typed) - len(meant)) > 1:
        return False
    same = 0
    while same < min(len(typed), len(meant)) and typed[same] == meant[same]:
        same += 1
    typed, meant = typed[same:], meant[same:]
    while typed and meant and typed[-1] == meant[-1]:
        typed, meant = typed[:-1], meant[:-1]
    if any(character.isdigit() for character in typed + meant):
        return False
    return max(len(typed), len(meant)) == 1 or (len(typed) == 2 and typed == meant[::-1])
