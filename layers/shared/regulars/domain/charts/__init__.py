"""Pictures of figures, as SVG. Pure: the same figures give the same letters, and nothing is measured but by `text_width`, so that the console's
JavaScript can draw the same (tests/domain/charts/golden). Colours, type and widths of lines are the style sheet's; a picture has classes only."""

from regulars.domain.charts.columns import Column, columns
from regulars.domain.charts.dots import dots, sides
from regulars.domain.charts.effect import EffectPicture
from regulars.domain.charts.funnel import FunnelStep, funnel
from regulars.domain.charts.interval import interval
from regulars.domain.charts.lines import Line, lines
from regulars.domain.charts.scale import Unit

__all__ = ["Column", "EffectPicture", "FunnelStep", "Line", "Unit", "columns", "dots", "funnel", "interval", "lines", "sides"]
