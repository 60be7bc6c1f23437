"""A custom resource of the stack: brings the lake's tables to this version at deploy.

CloudFormation waits for an answer, not for the function: an error that leaves this module, or a time-out, makes it wait until the resource's
ServiceTimeout, and tell nobody why. So whatever may fail, to be imported too, happens inside `_migrate`, and a timer answers before Lambda ends all.
"""

import logging
import threading
from typing import Any

from regulars import wiring

ANSWER_SECONDS = 40.0
"""Of the function's time, for the answer: three tries of ten seconds, and the pauses between them."""


class Answer:
    """The one answer to a request, whoever gives it first."""

    def __init__(self, event: dict[str, Any]) -> None:
        self._event = event
        self._given = threading.Lock()

    def give(self, succeeded: bool, reason: str) -> None:
        if self._given.acquire(blocking=False):
            wiring.answer_cloudformation(self._event, succeeded=succeeded, reason=reason, data={})


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Create and Update apply the migrations; Delete keeps the tables (and with them the company's data)."""
    answer = Answer(event)
    seconds = context.get_remaining_time_in_millis() / 1000 - ANSWER_SECONDS
    out_of_time = threading.Timer(seconds, answer.give, (False, f"not done after {seconds:.0f} s: Athena may still be at it; deploy again"))
    out_of_time.daemon = True
    out_of_time.start()
    try:
        reason = "tables are kept" if event["RequestType"] == "Delete" else _migrate()
    except Exception as error:
        logging.getLogger("migrate").exception("migration failed")  # ours may be what cannot be imported
        answer.give(False, str(error) or type(error).__name__)
    else:
        answer.give(True, reason)
    finally:
        out_of_time.cancel()


def _migrate() -> str:
    """What was done, in words."""
    from regulars.observability import logger
    from regulars.usecases.migrate import migrate

    done = migrate(
        files=wiring.migration_files(),
        bucket=wiring.config().lake_bucket,
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        migration_log=wiring.migration_log(),
        clock=wiring.clock(),
    )
    logger("migrate").info("migrated", extra={"applied": done.applied, "ahead": done.ahead})
    ahead = f"; a newer version was deployed before, and the lake keeps its {', '.join(done.ahead)}" if done.ahead else ""
    return f"{len(done.applied)} statements{ahead}"
