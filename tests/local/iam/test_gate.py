"""Calls of a boto3 client in a thread that works for a role: errors with AWS's codes, and who counts as the caller in other threads."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.iam import gate, principals
from local.iam.authority import Authority
from local.iam.principals import Principal
from local.iam.requests import UnknownCallError

ROLE = "arn:aws:iam::123456789012:role/loader"


@pytest.fixture
def authority(cloud: None) -> Iterator[Authority]:
    """May read objects, not list them; this thread works for nobody yet."""
    boto3.client("s3").create_bucket(Bucket="lake")
    boto3.client("s3").put_object(Bucket="lake", Key="a", Body=b"a")
    judge = Authority()
    judge.add_role(ROLE, "Role", [{"Statement": {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lake/*"}}], [])
    gate.connect(judge)
    yield judge
    gate.connect(None)


@pytest.fixture
def loader(authority: Authority) -> Iterator[None]:
    with principals.acting(Principal(ROLE, "load")):
        yield


def refusal(call: Any, **parameters: Any) -> tuple[int, str]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value.response["ResponseMetadata"]["HTTPStatusCode"], caught.value.response["Error"]["Code"]


def test_a_thread_that_works_for_nobody_is_not_judged(authority: Authority) -> None:
    boto3.client("s3").put_object(Bucket="lake", Key="b", Body=b"b")


def test_what_is_allowed_goes_through(loader: None) -> None:
    assert boto3.client("s3").get_object(Bucket="lake", Key="a")["Body"].read() == b"a"


def test_a_refused_call_has_awss_code_and_does_nothing(loader: None) -> None:
    assert refusal(boto3.client("s3").put_object, Bucket="lake", Key="b", Body=b"b") == (403, "AccessDenied")
    assert refusal(boto3.client("sqs").send_message, QueueUrl="http://x/q", MessageBody="x") == (400, "AccessDeniedException")
    with principals.acting(None):
        assert boto3.client("s3").list_objects_v2(Bucket="lake")["KeyCount"] == 1


@pytest.mark.parametrize(("operation", "code"), [("get_object", "AccessDenied"), ("head_object", "403")])
def test_without_list_bucket_an_absent_key_is_forbidden(loader: None, operation: str, code: str) -> None:
    assert refusal(getattr(boto3.client("s3"), operation), Bucket="lake", Key="absent") == (403, code)


def test_with_list_bucket_an_absent_key_is_absent(authority: Authority, loader: None) -> None:
    allowed = {"Statement": {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}}
    authority.add_role(ROLE, "Role", [allowed], [])
    assert refusal(boto3.client("s3").get_object, Bucket="lake", Key="absent") == (404, "NoSuchKey")


def test_a_call_that_nobody_wrote_down_is_refused(loader: None) -> None:
    with pytest.raises(UnknownCallError, match="sns:ListTopics"):
        boto3.client("sns").list_topics()


def test_threads_and_pools_work_for_whom_they_were_started(loader: None) -> None:
    seen: list[Principal | None] = []
    thread = threading.Thread(target=lambda: seen.append(principals.current()))
    thread.start()
    thread.join()
    with ThreadPoolExecutor(1) as pool:
        seen += pool.map(lambda _: principals.current(), [1])
        with principals.acting(None):
            seen.append(pool.submit(principals.current).result())
    assert seen == [Principal(ROLE, "load"), Principal(ROLE, "load"), None]
