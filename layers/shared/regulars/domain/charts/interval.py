"""An effect as its interval alone, beside where no effect would be."""

from xml.etree.ElementTree import Element

from regulars.domain.charts.canvas import line, picture
from regulars.domain.charts.effect import EffectPicture, axis, point, whisker

_HEIGHT = 72.0
_WHISKER, _FLOOR, _NAMES = 18.0, 34.0, 62.0


def interval(drawn: EffectPicture) -> Element:
    zero = drawn.scale.at(0)
    return picture(
        drawn.title,
        drawn.words,
        _HEIGHT,
        line(zero, 2, zero, _NAMES - 14, "none"),
        *axis(drawn, _FLOOR, _NAMES),
        *whisker(drawn, _WHISKER),
        point(drawn, _WHISKER),
    )
