"""A rule read a second time, in plain Python, over one person's events: what journeys ask, and the answer to "why is somebody in this segment".

    evaluate(rule, history, as_of, segments)  ->  True, False or None         reasons(...)  ->  the same for every clause, and what decided it

`json_texts`, `values`, `clocks` and `judging` judge one value, `events` say which events count, `measures` what they come to, `sequences` and
`deliveries` what followed what and what was sent, `rules` joins the verdicts, `because` says what decided them.
A property-based test holds all of it to the SQL (tests/domain/segments/test_agreement.py): whatever changes here changes in `compile`.
"""

from regulars.domain.segments.evaluate.evidence import Evidence
from regulars.domain.segments.evaluate.history import DeadTarget, DeviceEvent, PastDelivery, PastEvent, PersonHistory, Standing
from regulars.domain.segments.evaluate.reasons import Reason, reasons
from regulars.domain.segments.evaluate.rules import evaluate
from regulars.domain.segments.evaluate.verdicts import Verdict

__all__ = [
    "DeadTarget",
    "DeviceEvent",
    "Evidence",
    "PastDelivery",
    "PastEvent",
    "PersonHistory",
    "Reason",
    "Standing",
    "Verdict",
    "evaluate",
    "reasons",
]
