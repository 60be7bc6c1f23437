"""Large bytes are kept in a file, small ones are not, and none of it stays behind."""

import boto3
import pytest

from local import on_disk
from local.on_disk import IN_MEMORY_BYTES, Content

LARGE = b"x" * (IN_MEMORY_BYTES + 1)


def files() -> int:
    return len(list(on_disk.folder().iterdir()))


def test_only_what_is_large_has_a_file_and_only_while_somebody_needs_it() -> None:
    before = files()
    small, large = Content(b"small"), Content(LARGE)
    assert (small.whole(), large.whole(), len(large), files() - before) == (b"small", LARGE, len(LARGE), 1)
    large.replace(b"now small")
    assert (large.whole(), files() - before) == (b"now small", 0)
    large.replace(LARGE)
    del large
    assert files() == before


def test_what_is_deleted_cannot_be_read() -> None:
    large = Content(LARGE)
    large.close()
    with pytest.raises(ValueError, match="deleted"):
        large.whole()


def test_objects_of_any_size_are_read_as_they_were_written(cloud: None) -> None:
    client = boto3.client("s3")
    client.create_bucket(Bucket="lake")
    for size in (0, 10, IN_MEMORY_BYTES, IN_MEMORY_BYTES + 1, 100_000):
        body = bytes(range(256)) * (size // 256) + bytes(size % 256)
        client.put_object(Bucket="lake", Key="k", Body=body)
        assert client.get_object(Bucket="lake", Key="k")["Body"].read() == body
        assert client.head_object(Bucket="lake", Key="k")["ContentLength"] == size
    assert client.get_object(Bucket="lake", Key="k", Range="bytes=10-19")["Body"].read() == body[10:20]
    client.copy_object(Bucket="lake", Key="copy", CopySource={"Bucket": "lake", "Key": "k"})
    client.delete_object(Bucket="lake", Key="k")
    assert client.get_object(Bucket="lake", Key="copy")["Body"].read() == body


def test_an_object_of_several_parts_is_put_together(cloud: None) -> None:
    client = boto3.client("s3")
    client.create_bucket(Bucket="lake")
    upload = client.create_multipart_upload(Bucket="lake", Key="k")["UploadId"]
    bodies = [b"a" * 5_242_880, b"b" * 10]
    parts = [client.upload_part(Bucket="lake", Key="k", UploadId=upload, PartNumber=n, Body=body) for n, body in enumerate(bodies, 1)]
    done = {"Parts": [{"PartNumber": n, "ETag": part["ETag"]} for n, part in enumerate(parts, 1)]}
    client.complete_multipart_upload(Bucket="lake", Key="k", UploadId=upload, MultipartUpload=done)  # type: ignore[arg-type]
    assert client.get_object(Bucket="lake", Key="k")["Body"].read() == b"".join(bodies)
