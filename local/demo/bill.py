"""What the demonstration would have cost on AWS: what was really asked of each service here, at the prices of `domain/prices.py`.

Requests, bytes, messages, objects and queries are counted. Lambda's time can't be: it is as if its functions had been busy for the whole of
their stage, as long as that took on this machine.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from botocore.config import Config

from regulars.domain import prices

COLLECT_AND_LOAD_GB = 0.5 + 1.0
CURATE_GB = 0.5
"""Their memory in template.yaml."""
SQS_BATCH = 10
"""Messages that one request receives or deletes at most."""


def bill(info: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, float]:
    """US dollars by line, with their total last."""
    requests, households, seconds = found["requests"], found["households"], found["seconds"]
    body = found["bytes_sent"] // requests
    scans, objects = [each["DataScannedInBytes"] for each in _queries(info)], _objects(info)
    busy = seconds["collect"] * COLLECT_AND_LOAD_GB + seconds["flush"] * CURATE_GB
    run = {name: dollars for name, dollars in found["report"]["cost"].items() if name not in ("athena", "report", "total")}
    lines = {
        f"HTTP API: {requests:,} requests": prices.http_api_usd(requests, body),
        f"SQS: {requests:,} batches, sent, received, deleted": _sqs(requests, body),
        "Lambda: collect, load and curate, at most": prices.lambda_usd(2 * requests + 1, busy),
        f"DynamoDB: {households:,} profiles": prices.dynamodb_usd(writes=households, reads=households),
        f"S3: {objects:,} objects": prices.s3_usd(puts=objects),
        f"Athena: {len(scans)} queries, {sum(scans) / 1e6:,.0f} MB": sum(prices.athena_usd(scan) for scan in scans),
        "the campaign's run, but for its queries": sum(run.values()),
    }
    return {**lines, "together": sum(lines.values())}


def _sqs(messages: int, body: int) -> float:
    """A message is its body in base64; SQS charges each 64 KB of it at sending and again at receiving, and a request for ten deletions."""
    message = -(-body * 4 // 3)
    return 2 * prices.sqs_usd(messages, message) + prices.sqs_usd(-(-messages // SQS_BATCH))


def _client(info: Mapping[str, Any], service: str) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=info["aws"],
        region_name="us-east-1",
        aws_access_key_id="outside",
        aws_secret_access_key="outside",
        config=Config(proxies={}),  # a proxy from the environment is for other machines
    )


def _queries(info: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The statistics of every SELECT, INSERT, MERGE and UNLOAD; DDL is free."""
    athena = _client(info, "athena")
    for page in athena.get_paginator("list_query_executions").paginate(WorkGroup="regulars-local"):
        for identity in page["QueryExecutionIds"]:
            execution = athena.get_query_execution(QueryExecutionId=identity)["QueryExecution"]
            if execution.get("StatementType") != "DDL":
                yield execution["Statistics"]


def _objects(info: Mapping[str, Any]) -> int:
    pages = _client(info, "s3").get_paginator("list_objects_v2").paginate(Bucket=info["bucket"])
    return sum(page["KeyCount"] for page in pages)
