"""From counts to dollars, against figures worked out by hand."""

from dataclasses import replace
from typing import Any

import pytest

from bench import cost_model as model
from bench.cost_counts import Counted, Fit, line
from bench.cost_template import Facts, facts, per_day

FACTS = Facts(
    load_batch=100,
    load_window=20,
    access_line_bytes=174,
    alarms=3,
    secrets=1,
    queue_mappings=1,
    log_days=30,
    firings={model.CURATE: 96.0, model.UPKEEP: 1.0},
)


def fit(**each: float) -> Fit:
    return Fit((1, 2), {}, each)


def counted(**changes: Any) -> Counted:
    nothing = fit()
    known = Counted(
        at="2026-11-26",
        collect=fit(lambda_request=1, log_ingestion=300),
        load=Fit((10, 40), {"s3_put": 1, "lambda_request": 1}, {"written.raw": 1000.0, "written.dynamodb": 200.0, "dynamodb_write": 0.4}),
        curate=Fit((1000, 4000), {"objects": 5, "raw_get": 10}, {}),
        curate_after={"2": nothing, "400": nothing},
        segment_after={"2": nothing, "400": nothing},
        upkeep_after={"2": nothing, "400": nothing},
        send=fit(pushes=1, dynamodb_read=1),
        idle={model.CURATE: {"lambda_request": 1}, model.UPKEEP: {"step_functions": 20}},
        metrics=3,
        request_bytes=9_000,
        answer_bytes=100,
    )
    return replace(known, **changes)


def test_a_line_goes_through_both_sizes() -> None:
    found = line([(10, {"s3_put": 3}), (40, {"s3_put": 9})])
    assert (found.fixed["s3_put"], found.each["s3_put"]) == (1, 0.2)
    assert found.at(100)["s3_put"] == pytest.approx(21)


def test_what_shrinks_is_noise_and_what_would_begin_below_zero_is_proportional() -> None:
    assert line([(10, {"a": 4, "b": 5}), (20, {"a": 2, "b": 30})]).at(20) == {"a": 3, "b": 30}


def test_each_statement_is_charged_for_ten_megabytes_at_least() -> None:
    run = {"queries.SELECT": 2, "scanned.SELECT": 5e6, "queries.MERGE people": 1, "scanned.MERGE people": 30e6}
    assert model.billed(run)["athena_scan"] == 20e6 + 30e6


def test_requests_come_together_as_the_window_and_the_pollers_let_them() -> None:
    assert model.messages_together(FACTS, 86_400 * 5) == 20
    assert model.messages_together(FACTS, 86_400 * 500) == FACTS.load_batch
    assert model.messages_together(FACTS, 1) == 1


def test_a_million_events_in_requests_of_twenty_are_fifty_thousand_requests() -> None:
    day = model.bill(counted(), FACTS, events_a_day=1_000_000, days=400).day["collect"]
    assert (day["http_api_request"], day["lambda_request"]) == (50_000, 50_000)
    assert day["log_ingestion"] == 50_000 * (300 + 174 + 26)


def test_what_is_there_anyway_is_part_of_a_million_events() -> None:
    million = model.bill(counted(), FACTS, events_a_day=1_000_000, days=400).million()
    profiles = 750_000 * 500 * (0.25 + 0.20) / 1e9
    assert million["what is there anyway"] == pytest.approx((3 * 0.30 + 3 * 0.10 + 0.40 + profiles) / 30)


def test_curate_reads_each_raw_object_as_often_as_it_was_counted() -> None:
    run = model.curated(counted(), FACTS, events_a_day=96 * 20 * 100, days=2)
    assert run["raw_get"] == 2 * 100  # a request an object, at so few a second


def test_what_the_lakes_size_adds_to_a_run_is_in_it() -> None:
    after = Fit((5_000, 15_000), {"scanned.SELECT": 1000.0, "queries.SELECT": 1}, {"scanned.SELECT": 2.0})
    run = model.curated(counted(curate_after={"400": after}), FACTS, events_a_day=1_000_000, days=400)
    assert run["scanned.SELECT"] == 1000 + 2_000_000


def test_an_idle_month_has_each_of_its_cents() -> None:
    idle = model.idle(counted(), FACTS)
    assert idle["3 alarms"] == pytest.approx(0.30)
    assert idle["1 secret"] == pytest.approx(0.40)
    assert idle["SQS: Lambda looks into the queue"] == pytest.approx(648_000 * 0.40 / 1e6)
    assert idle[f"schedule {model.CURATE}"] == pytest.approx(2880 * (0.20 + 1.00) / 1e6)


def test_pushes_pay_for_their_way_to_the_internet() -> None:
    sent = model.sent_million(counted())
    assert (sent["transfer_out"], sent["dynamodb_read"]) == (pytest.approx(0.09), pytest.approx(0.125))


@pytest.mark.parametrize(
    ("expression", "times"),
    [("rate(15 minutes)", 96), ("rate(1 hour)", 24), ("cron(30 3 * * ? *)", 1), ("cron(0/5 * * * ? *)", 288), ("cron(0 3,15 * * ? *)", 2)],
)
def test_a_schedule_says_how_often_it_fires(expression: str, times: float) -> None:
    assert per_day(expression) == times


def test_an_unknown_schedule_is_refused() -> None:
    with pytest.raises(ValueError, match="a rate or a cron"):
        per_day("at(2026-11-26T00:00:00)")


def test_the_template_says_what_decides_the_bill() -> None:
    resources = {
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {"FunctionName": {"Ref": "LoadFunction"}, "BatchSize": 50, "MaximumBatchingWindowInSeconds": {"Ref": "Window"}},
        },
        "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"AccessLogSettings": {"Format": '{"status":"$context.status"}'}}},
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {}},
        "Both": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": [{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a + b"}]}},
        "Night": {"Type": "AWS::Scheduler::Schedule", "Properties": {"ScheduleExpression": "cron(30 3 * * ? *)"}},
    }
    parameters = {"Window": {"Default": 20}, "LogRetentionDays": {"Default": 30}}
    found = facts({"Resources": resources, "Parameters": parameters})
    assert (found.load_batch, found.load_window, found.alarms, found.secrets) == (50, 20, 3, 0)
    assert (found.access_line_bytes, found.firings) == (len('{"status":"200"}'), {"Night": 1})
