"""moto's ResultWriter, which writes a manifest of nothing, taught to write what the children gave.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html: one file of those that succeeded and one of those that failed,
and a manifest that names them. An entry has the child's name, status and output; AWS's has its input, ARNs and times as well.
"""

import json
from collections.abc import Sequence
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.resource_eval.resource_eval_s3 import ResourceEvalS3
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from local.runtime.corrections import replace, require_moto

_STATUSES = ("FAILED", "PENDING", "SUCCEEDED")


def install() -> None:
    """Correct moto in this process. Idempotent; raises WrongMotoVersionError."""
    require_moto("Step Functions")
    replace(ResourceEvalS3, "_handle_put_object", staticmethod(_put_results))


def _put_results(env: Any, resource_runtime_part: Any, state_credentials: Any) -> None:
    """In place of moto's handler: takes the results from the stack, leaves where they lie."""
    place = env.stack.pop()
    outputs: Sequence[Any] = env.stack.pop()
    map_run = env.map_run_record_pool_manager.get_all().pop().map_run_arn
    prefix = place.get("Prefix", "").rstrip("/")
    folder = f"{prefix}/{map_run.split(':')[-1]}".lstrip("/")
    s3 = ResourceEvalS3._get_s3_client(resource_runtime_part=resource_runtime_part, state_credentials=state_credentials)
    bodies = {f"{folder}/{status}_0.json": json.dumps(entries).encode() for status, entries in _by_status(outputs).items() if entries}
    files = {status: [{"Key": key, "Size": len(body)} for key, body in bodies.items() if f"/{status}_" in key] for status in _STATUSES}
    manifest = {"DestinationBucket": place["Bucket"], "MapRunArn": map_run, "ResultFiles": files}
    bodies[f"{folder}/manifest.json"] = json.dumps(manifest).encode()
    for key, body in bodies.items():
        s3.put_object(Bucket=place["Bucket"], Key=key, Body=body)
    env.stack.append({"MapRunArn": map_run, "ResultWriterDetails": {"Bucket": place["Bucket"], "Key": f"{folder}/manifest.json"}})


def _by_status(outputs: Sequence[Any]) -> dict[str, list[dict[str, object]]]:
    entries = [_entry(number, output) for number, output in enumerate(outputs)]
    return {status: [entry for entry in entries if entry["Status"] == status] for status in _STATUSES}


def _entry(number: int, output: Any) -> dict[str, object]:
    if output is None:  # moto's word for a child that failed and was tolerated
        return {"Name": str(number), "Status": "FAILED"}
    return {"Name": str(number), "Status": "SUCCEEDED", "Output": to_json_str(output, separators=(",", ":"))}
