"""What things cost, against figures worked out by hand."""

import pytest

from regulars.domain import prices


@pytest.mark.parametrize(
    ("scanned", "megabytes"),
    [(0, 10), (1, 10), (10_000_000, 10), (10_000_001, 11), (341_000_000, 341), (10**12, 1_000_000)],
)
def test_a_query_is_rounded_up_to_a_megabyte_and_never_below_ten(scanned: int, megabytes: int) -> None:
    assert prices.athena_usd(scanned) == pytest.approx(megabytes * 5 / 1_000_000)


def test_a_thousand_transitions_cost_two_and_a_half_cents() -> None:
    assert prices.step_functions_usd(1_000) == pytest.approx(0.025)


def test_lambda_charges_for_invocations_and_for_memory_while_it_runs() -> None:
    assert prices.lambda_usd(1_000_000, 0) == pytest.approx(0.20)
    assert prices.lambda_usd(0, 400_000) == pytest.approx(5.33336)


def test_a_write_to_dynamodb_costs_five_reads() -> None:
    assert prices.dynamodb_usd(writes=1_000_000) == pytest.approx(0.625)
    assert prices.dynamodb_usd(writes=1) == pytest.approx(prices.dynamodb_usd(reads=5))


def test_a_put_to_s3_costs_more_than_twelve_gets() -> None:
    assert prices.s3_usd(puts=2_000, gets=1_000) == pytest.approx(0.0104)


@pytest.mark.parametrize(("size", "charged"), [(0, 1), (65_536, 1), (65_537, 2), (1_048_576, 16)])
def test_a_queue_message_is_charged_by_64_kilobytes(size: int, charged: int) -> None:
    assert prices.sqs_usd(1_000_000, size) == pytest.approx(0.40 * charged)


@pytest.mark.parametrize(("size", "charged"), [(0, 1), (524_288, 1), (524_289, 2)])
def test_a_request_to_the_api_is_charged_by_512_kilobytes(size: int, charged: int) -> None:
    assert prices.http_api_usd(1_000_000, size) == pytest.approx(1.00 * charged)


def test_every_price_names_its_page_and_its_unit() -> None:
    for name, price in prices.PRICES.items():
        assert price.usd > 0 and price.per > 0 and price.unit, name
        assert price.source.startswith("https://aws.amazon.com/"), name
