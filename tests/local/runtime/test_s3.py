"""The local S3 refuses the keys that S3 refuses."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

LONGEST = "あ" * 341 + "x"  # 1,024 bytes


@pytest.fixture
def s3(cloud: None) -> Any:
    client = boto3.client("s3")
    client.create_bucket(Bucket="keys")
    return client


def test_a_key_of_1024_bytes_is_taken(s3: Any) -> None:
    s3.put_object(Bucket="keys", Key=LONGEST, Body=b"")
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="keys")["Contents"]] == [LONGEST]


def test_a_longer_key_is_refused_however_it_is_written(s3: Any) -> None:
    s3.put_object(Bucket="keys", Key="k", Body=b"")
    writes = (
        lambda key: s3.put_object(Bucket="keys", Key=key, Body=b""),
        lambda key: s3.copy_object(Bucket="keys", Key=key, CopySource="keys/k"),
        lambda key: s3.create_multipart_upload(Bucket="keys", Key=key),
    )
    for write in writes:
        with pytest.raises(ClientError) as refused:
            write(LONGEST + "x")
        answer = refused.value.response
        assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("KeyTooLongError", 400)
