"""States Conclude and ConcludeFailed: ends the run with its counts, or its execution where the run is paused. The former has `delivered`, how each
shard ended ({"shard"}, and "error" where it could not be delivered); the latter `failure`, Step Functions' {"Error", "Cause"}."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.campaigns.execution import told_by
from regulars.domain.campaigns.run import RunError
from regulars.observability import count, logger
from regulars.usecases.conclude import conclude

log = logger("conclude")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    error = _error(event["failure"]) if "failure" in event else None
    run = conclude(
        event["run_id"],
        error=error,
        failed_shards=[shard["error"] for shard in event.get("delivered", []) if "error" in shard],
        execution=event.get("execution"),
        bytes_scanned=_bytes_scanned(event.get("statistics", {})),
        runs=wiring.runs(),
        queries=wiring.queries(),
        clock=wiring.clock(),
    )
    told = {"run_id": run.run_id, "state": run.shown_state, "error": asdict(run.error) if run.error else None, "counts": asdict(run.counts)}
    log.info("concluded", extra=told)
    count("conclude", RunsSucceeded=int(run.state == "succeeded"), RunsFailed=int(run.state == "failed"))
    return told


def _bytes_scanned(statistics: dict[str, dict[str, Any]]) -> dict[str, int]:
    """Of the run's queries by name, out of Athena's QueryExecutionStatistics, which are empty for one that another execution asked."""
    return {name: int(query["DataScannedInBytes"]) for name, query in statistics.items() if "DataScannedInBytes" in query}


def _error(failure: dict[str, Any]) -> RunError:
    return RunError(str(failure.get("Error", "States.Unknown")), told_by(str(failure.get("Cause", ""))))
