"""What the demonstration would have cost on AWS: what was really asked of each service here, at the prices of `domain/prices.py`.

Requests, messages, objects and bytes are counted where they arrived. Lambda's time is what the same work took on this machine.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from botocore.config import Config

from regulars.domain import prices

BATCH_BYTES = 60_000
"""About what a compressed batch of 300 events is as a queue message."""


def bill(info: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, float]:
    """US dollars by line, with their total last."""
    requests = found["requests"]
    seconds = found["seconds"]
    scans = [each["DataScannedInBytes"] for each in _queries(info)]
    households = found["households"]
    lines = {
        f"HTTP API: {requests:,} requests": prices.http_api_usd(requests, 450_000),
        f"SQS: {requests:,} batches, sent, received, deleted": prices.sqs_usd(requests, BATCH_BYTES)
        + prices.sqs_usd(2 * -(-requests // 10), BATCH_BYTES),
        "Lambda: collect and load, at this machine's speed": prices.lambda_usd(2 * requests, seconds["collect"] * 1.5),
        f"DynamoDB: {households:,} profiles": prices.dynamodb_usd(writes=households, reads=households),
        f"S3: {_objects(info):,} objects": prices.s3_usd(puts=_objects(info)),
        f"Athena: {len(scans)} queries, {sum(scans) / 1e6:,.0f} MB": sum(prices.athena_usd(scan) for scan in scans),
        "the campaign's run": found["report"]["cost"]["total"],
    }
    return {**lines, "together": sum(lines.values())}


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
