"""States MergeReplay and TellFailure: the former adds up what was counted of the shards; the latter has `failure`, Step Functions'
{"Error", "Cause"}, and tells why there is nothing."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.campaigns.execution import told_by
from regulars.observability import logger
from regulars.usecases.merge_replay import Spent, merge_replay, tell_failure

log = logger("merge_replay")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    look_back_id = event["look_back_id"]
    if "failure" in event:
        reason = _reason(event["failure"])
        tell_failure(look_back_id, reason, lake=wiring.lake())
        log.info("failed", extra={"look_back_id": look_back_id, "reason": reason})
        return {"look_back_id": look_back_id, "reason": reason}
    scans = [event["plan"]["bytes_scanned"], int(event["statistics"].get("DataScannedInBytes", 0))]
    spent = Spent(scans, [event["plan"]["seconds"], *(each["seconds"] for each in event["replayed"])], int(context.memory_limit_in_mb) / 1024)
    found = merge_replay(look_back_id, len(event["replayed"]), events=event["plan"]["events"], spent=spent, lake=wiring.lake(), clock=wiring.clock())
    told = {"look_back_id": look_back_id, "journeys": [each.journey_id for each in found], "messages": [each.all_messages for each in found]}
    log.info("merged", extra=told)
    return told


def _reason(failure: dict[str, Any]) -> str:
    error = str(failure.get("Error", "States.Unknown"))
    if error == "States.ExceedToleratedFailureThreshold":  # of the map, which does not say why
        return "a part of the people could not be looked at: the log of replay_shard says why"
    return told_by(str(failure.get("Cause", ""))) or error
