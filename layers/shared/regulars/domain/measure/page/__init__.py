"""A report as a page: one file of HTML with everything in it, to be opened, printed, mailed or kept (docs/measure.md)."""

from regulars.domain.measure.page.document import journey_page, report_page, report_sections

__all__ = ["journey_page", "report_page", "report_sections"]
