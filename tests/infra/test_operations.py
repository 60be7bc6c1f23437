"""docs/operations.md reads outputs that the template has, and says what the prices say."""

import re
from typing import Any

from regulars.domain.campaigns.promises import HOLDING_SHARDS
from regulars.domain.campaigns.run import PARALLEL_WORKERS
from regulars.domain.dead_letters import PURPOSES
from regulars.domain.prices import dynamodb_read_units, dynamodb_usd, http_api_usd, lambda_usd, s3_usd, sqs_usd
from tests.infra.conftest import ROOT


def test_each_output_that_is_read_there_is_one_of_the_stack(cloudformation: dict[str, Any]) -> None:
    named = set(re.findall(r"\$\(output (\w+)\)", (ROOT / "docs/operations.md").read_text()))
    assert {"EventDeadLetterQueueArn", "FcmSecretArn"} <= named <= set(cloudformation["Outputs"])


def test_whoever_is_woken_by_an_alarm_finds_it_there_and_every_queue_of_dead_letters(source: dict[str, Any]) -> None:
    text = (ROOT / "docs/operations.md").read_text()
    alarms = {name for name, each in source["Resources"].items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    assert {name for name in alarms if f"`{name}`" not in text} == set()
    assert {name for name in PURPOSES if f"| `{name}` |" not in text} == set()


MILLION = 10**6


def test_the_price_of_a_flood_is_that_of_the_table_of_prices(source: dict[str, Any]) -> None:
    """Lambda is counted with the memory of the template and the durations that stand there; SQS takes ten messages a request from the queue."""
    collect, load = (source["Resources"][f"{name}Function"]["Properties"].get("MemorySize", 512) / 1024 for name in ("Collect", "Load"))
    looked_up = dynamodb_usd(reads=MILLION * dynamodb_read_units(200, strong=False))
    refused = http_api_usd(MILLION) + lambda_usd(MILLION, MILLION * 0.015 * collect) + looked_up
    accepted = http_api_usd(MILLION) + lambda_usd(MILLION, MILLION * 0.020 * collect) + sqs_usd(MILLION + 2 * MILLION // 10)
    loaded = lambda_usd(MILLION // 100, MILLION // 100 * 0.2 * load) + s3_usd(puts=MILLION // 100)
    a_day = source["Parameters"]["RequestsPerSecond"]["Default"] * 86_400 / MILLION
    text = (ROOT / "docs/operations.md").read_text()
    for row in (refused, accepted + loaded):
        assert f"| ${row:.2f} | ${row * a_day:.0f} |" in text


def test_the_chapter_on_concurrency_knows_the_template(source: dict[str, Any]) -> None:
    chapter = (ROOT / "docs/operations.md").read_text().partition("### The account's concurrency")[2]
    mapping = source["Resources"]["LoadFunction"]["Properties"]["Events"]["Queue"]["Properties"]
    assert f"`load` {mapping['ScalingConfig']['MaximumConcurrency']} at most" in chapter
    assert f"a campaign {PARALLEL_WORKERS} of `deliver`, one that holds people back up to {HOLDING_SHARDS}" in chapter
