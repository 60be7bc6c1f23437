"""Contrast: every pair of text and ground that the page has, in light and dark, by WCAG 2.2's own formula."""

import re

import pytest

from regulars.domain.measure.page.style import STYLE

_LIGHT, _DARK = (dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", part)) for part in STYLE.split("@media (prefers-color-scheme:dark)"))

TEXTS = [
    *((ink, ground) for ink in ("ink", "soft") for ground in ("paper", "card", "sunk")),
    *((mood, f"{mood}-wash") for mood in ("brand", "ctrl", "bad")),
]
MARKS = [*((mark, "card") for mark in ("brand", "bad", "edge")), ("brand", "sunk"), ("bad", "sunk"), ("ink", "sunk")]


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    shares = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [_LIGHT, {**_LIGHT, **_DARK}], ids=["light", "dark"])
def test_text_and_marks_stand_out_from_their_ground(tokens: dict[str, str]) -> None:
    faint = [pair for pair in TEXTS if contrast(*(tokens[name] for name in pair)) < 4.5]
    faint += [pair for pair in MARKS if contrast(*(tokens[name] for name in pair)) < 3]
    assert faint == []


def test_every_colour_has_one_for_the_dark() -> None:
    assert set(_DARK) == set(_LIGHT)
