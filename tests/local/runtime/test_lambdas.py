"""Functions in one process behave as if each execution environment were a process of its own."""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local.resources.model import AsyncInvokeConfig, Function
from local.runtime.lambdas import Lambdas, PayloadTooLargeError, ThrottledError, UnknownFunctionError

Make = Callable[..., Function]
Run = Callable[..., Lambdas]

ECHO = """
    def lambda_handler(event, context):
        return event
"""

ENVIRONMENT = """
    import os
    from os import environ
    import rules

    AT_IMPORT = os.environ["WHO"]

    def lambda_handler(event, context):
        import time
        before = os.getenv("WHO")
        time.sleep(event["sleep"])
        return [AT_IMPORT, before, environ["WHO"], rules.WHO, context.function_name]
"""


def result(lambdas: Lambdas, name: str, event: object) -> Any:
    outcome = lambdas.invoke(name, json.dumps(event).encode())
    assert outcome.error is None, outcome.payload
    return json.loads(outcome.payload)


def error(lambdas: Lambdas, name: str, event: object) -> dict[str, Any]:
    outcome = lambdas.invoke(name, json.dumps(event).encode())
    assert outcome.error == "Unhandled"
    described: dict[str, Any] = json.loads(outcome.payload)
    return described


def test_concurrent_functions_see_their_own_variables_and_modules(make_function: Make, run_lambdas: Run) -> None:
    functions = [make_function(name, ENVIRONMENT, environment={"WHO": name}) for name in ("alpha", "beta")]
    for function in functions:
        (function.code / "rules.py").write_text(f"WHO = {function.name!r}")
    lambdas = run_lambdas(*functions)
    names = ["alpha", "beta"] * 12
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: result(lambdas, name, {"sleep": 0.02}), names))
    assert answers == [[name] * 5 for name in names]


def test_a_function_does_not_see_the_processs_secrets(make_function: Make, run_lambdas: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "secret")
    source = """
        import os
        def lambda_handler(event, context):
            os.environ["MINE"] = "1"
            return sorted(os.environ)
    """
    seen = result(run_lambdas(make_function("f", source)), "f", {})
    assert "DATABASE_PASSWORD" not in seen
    assert {"MINE", "PATH", "AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME"} <= set(seen)
    import os

    assert "MINE" not in os.environ


def test_a_warm_environment_keeps_module_state_and_a_concurrent_one_has_its_own(make_function: Make, run_lambdas: Run) -> None:
    source = """
        import time
        calls = []
        def lambda_handler(event, context):
            calls.append(1)
            time.sleep(event)
            return len(calls)
    """
    lambdas = run_lambdas(make_function("f", source))
    assert [result(lambdas, "f", 0) for _ in range(3)] == [1, 2, 3]
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(lambda _: result(lambdas, "f", 0.3), range(2))) == [1, 4]


def test_a_warm_invocation_takes_less_than_a_millisecond_of_processor(make_function: Make, run_lambdas: Run) -> None:
    lambdas = run_lambdas(make_function("f", ECHO))
    result(lambdas, "f", {})
    began = time.process_time()
    for _ in range(200):
        lambdas.invoke("f", b"{}")
    assert time.process_time() - began < 0.2


def test_an_error_has_lambdas_payload_and_the_bare_class_name(make_function: Make, run_lambdas: Run, capsys: pytest.CaptureFixture[str]) -> None:
    source = """
        class ConsentStoreUnavailable(Exception):
            pass
        def lambda_handler(event, context):
            print("about to fail")
            raise ConsentStoreUnavailable("table gone")
    """
    described = error(run_lambdas(make_function("f", source)), "f", {})
    assert described["errorType"] == "ConsentStoreUnavailable"
    assert described["errorMessage"] == "table gone"
    assert described["requestId"]
    assert len(described["stackTrace"]) == 1
    assert "lambda_handler" in described["stackTrace"][0]
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "[f] about to fail" in captured.err


def test_prints_stay_in_the_functions_log(make_function: Make, run_lambdas: Run, capsys: pytest.CaptureFixture[str]) -> None:
    source = """
        import sys
        from aws_lambda_powertools import Logger
        logger = Logger(service="f")
        def lambda_handler(event, context):
            print("a metric")
            print("a complaint", file=sys.stderr)
            logger.info("a log line")
    """
    lambdas = run_lambdas(make_function("f", source))
    result(lambdas, "f", {})
    print("the process's own")
    assert capsys.readouterr() == ("the process's own\n", "")
    log = lambdas.logs("f")
    assert log[:2] == ["a metric", "a complaint"]
    assert json.loads(log[2])["message"] == "a log line"


def test_an_error_that_a_function_logs_is_told_at_once_although_it_answers(
    make_function: Make, run_lambdas: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    source = """
        from aws_lambda_powertools import Logger
        logger = Logger(service="answers")
        def lambda_handler(event, context):
            logger.info("nothing special")
            try:
                raise KeyError("who")
            except KeyError:
                logger.exception("unexpected")
            return {"statusCode": 500}
    """
    lambdas = run_lambdas(make_function("answers", source))
    assert result(lambdas, "answers", {}) == {"statusCode": 500}
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("[answers] {")
    assert "KeyError: 'who'" in json.loads(told.removeprefix("[answers] "))["exception"]


def test_a_function_out_of_time_is_reported_and_its_environment_not_used_again(make_function: Make, run_lambdas: Run) -> None:
    source = """
        import time
        calls = []
        def lambda_handler(event, context):
            calls.append(1)
            time.sleep(event)
            return [len(calls), 0 < context.get_remaining_time_in_millis() <= 300]
    """
    lambdas = run_lambdas(make_function("f", source, timeout=0.3))
    assert result(lambdas, "f", 0) == [1, True]
    described = error(lambdas, "f", 0.6)
    assert described["errorType"] == "Sandbox.Timedout"
    assert described["errorMessage"].endswith("Task timed out after 0.30 seconds")
    time.sleep(0.5)
    assert result(lambdas, "f", 0) == [1, True]


@pytest.mark.parametrize(
    ("source", "handler", "kind"),
    [
        ("import nothing_of_this_name", "handler.lambda_handler", "Runtime.ImportModuleError"),
        ("def lambda_handler(:", "handler.lambda_handler", "Runtime.UserCodeSyntaxError"),
        ("x = 1", "handler.lambda_handler", "Runtime.HandlerNotFound"),
        ("x = 1", "handler", "Runtime.MalformedHandlerName"),
        ("1 / 0", "handler.lambda_handler", "ZeroDivisionError"),
        ("def lambda_handler(event, context): return {1, 2}", "handler.lambda_handler", "Runtime.MarshalError"),
        ("def lambda_handler(e, c): return 'x' * 6_300_000", "handler.lambda_handler", "Function.ResponseSizeTooLarge"),
    ],
)
def test_what_cannot_run_is_named_as_on_lambda(make_function: Make, run_lambdas: Run, source: str, handler: str, kind: str) -> None:
    import dataclasses

    function = dataclasses.replace(make_function("f", source), handler=handler)
    assert error(run_lambdas(function), "f", {})["errorType"] == kind


def test_a_corrected_handler_is_loaded_afresh_after_a_failed_start(make_function: Make, run_lambdas: Run) -> None:
    source = """
        import pathlib
        if not pathlib.Path(__file__).with_name("ready").exists():
            raise RuntimeError("not yet")
        def lambda_handler(event, context):
            return "ready"
    """
    function = make_function("f", source)
    lambdas = run_lambdas(function)
    assert error(lambdas, "f", {})["errorType"] == "RuntimeError"
    (function.code / "ready").touch()
    assert result(lambdas, "f", {}) == "ready"


def test_decimals_are_numbers(make_function: Make, run_lambdas: Run) -> None:
    source = """
        from decimal import Decimal
        def lambda_handler(event, context):
            return [Decimal("2"), Decimal("2.5")]
    """
    assert result(run_lambdas(make_function("f", source)), "f", {}) == [2, 2.5]


def test_layers_can_be_imported(make_function: Make, run_lambdas: Run, tmp_path: Path) -> None:
    (tmp_path / "layer").mkdir()
    (tmp_path / "layer" / "module_of_a_layer.py").write_text("X = 7")
    source = """
        import module_of_a_layer
        def lambda_handler(event, context):
            return module_of_a_layer.X
    """
    assert result(run_lambdas(make_function("f", source, layers=(tmp_path / "layer",))), "f", {}) == 7


def test_too_large_events_are_refused(make_function: Make, run_lambdas: Run) -> None:
    lambdas = run_lambdas(make_function("f", ECHO))
    with pytest.raises(PayloadTooLargeError, match="6291456"):
        lambdas.invoke("f", b'"' + b"x" * 6_291_456 + b'"')
    with pytest.raises(PayloadTooLargeError, match="1048576"):
        lambdas.invoke_async("f", b'"' + b"x" * 1_048_576 + b'"')


def test_an_unknown_function_is_named(run_lambdas: Run) -> None:
    with pytest.raises(UnknownFunctionError, match="nobody"):
        run_lambdas().invoke("nobody", b"{}")


def test_reserved_concurrency_throttles(make_function: Make, run_lambdas: Run) -> None:
    source = """
        import time
        def lambda_handler(event, context):
            time.sleep(event)
    """
    lambdas = run_lambdas(make_function("f", source, reserved_concurrency=1))
    result(lambdas, "f", 0)
    busy = threading.Thread(target=lambda: lambdas.invoke("f", b"0.5"))
    busy.start()
    time.sleep(0.1)
    with pytest.raises(ThrottledError):
        lambdas.invoke("f", b"0")
    busy.join()
    result(lambdas, "f", 0)


def test_an_asynchronous_failure_is_retried_twice_and_then_recorded(make_function: Make, run_lambdas: Run) -> None:
    source = """
        def lambda_handler(event, context):
            raise ValueError(event["n"])
    """
    function = make_function("f", source)
    records: list[tuple[str, dict[str, Any]]] = []
    reported = threading.Event()

    def keep(target: str, record: dict[str, Any]) -> None:
        records.append((target, record))
        reported.set()

    lambdas = run_lambdas(
        function,
        asynchronous=lambda function: AsyncInvokeConfig(function.arn, on_failure_arn="arn:aws:sqs:r:a:dead"),
        on_async_failure=keep,
        retry_seconds=(0.01, 0.01),
    )
    lambdas.invoke_async("f", b'{"n": 7}')
    assert reported.wait(5)
    target, record = records[0]
    assert target == "arn:aws:sqs:r:a:dead"
    assert record["requestContext"]["approximateInvokeCount"] == 3
    assert record["requestPayload"] == {"n": 7}
    assert record["responsePayload"]["errorType"] == "ValueError"


def test_stopping_leaves_no_thread(make_function: Make, run_lambdas: Run) -> None:
    before = set(threading.enumerate())
    lambdas = run_lambdas(make_function("f", ECHO))
    result(lambdas, "f", {})
    assert set(threading.enumerate()) - before
    lambdas.stop()
    assert not set(threading.enumerate()) - before
