"""A deployment is brought back resource by resource, and saved as a whole."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import boto3
import pytest

from local.kept import state
from local.kept.folder import KeptFolder, KeptFolderError
from local.kept.records import Record
from local.kept.state import KeptState
from local.resources.model import Deployed

Content = Iterable[tuple[str, Iterable[Record]]]

RESOURCES = {"Lake": {"Type": "AWS::S3::Bucket"}, "Role": {"Type": "AWS::IAM::Role"}}


@pytest.fixture
def deployed(cloud: None) -> Deployed:
    boto3.client("s3").create_bucket(Bucket="lake")
    return Deployed(references={"Lake": "lake", "Role": "role"})


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[KeptFolder]:
    with closing(KeptFolder.open(tmp_path / "kept")) as opened:
        yield opened


def put(key: str) -> None:
    boto3.client("s3").put_object(Bucket="lake", Key=key, Body=b"x")


def keys() -> list[str]:
    return [found["Key"] for found in boto3.client("s3").list_objects_v2(Bucket="lake").get("Contents", [])]


def test_a_resource_gets_its_content_once_it_is_there_and_others_are_left_alone(deployed: Deployed, folder: KeptFolder) -> None:
    put("a")
    first = KeptState(folder, RESOURCES)
    first.begin_saving(deployed)
    first.save_at_last()
    boto3.client("s3").delete_object(Bucket="lake", Key="a")
    second = KeptState(folder, RESOURCES)
    second.restore("Role", "role")
    assert keys() == []
    second.restore("Lake", "lake")
    assert keys() == ["a"]


def test_a_start_that_failed_half_way_keeps_what_was_kept_before(deployed: Deployed, folder: KeptFolder) -> None:
    put("a")
    first = KeptState(folder, RESOURCES)
    first.begin_saving(deployed)
    first.save_at_last()
    boto3.client("s3").delete_object(Bucket="lake", Key="a")
    KeptState(folder, RESOURCES).save_at_last()  # nothing was brought back into the bucket yet
    assert [record.name for record in folder.records("Lake")] == ["a"]


def test_it_is_saved_once_a_minute_too(deployed: Deployed, folder: KeptFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = threading.Event()
    replace = folder.replace

    def told(content: Content) -> None:
        replace(content)
        saved.set()

    monkeypatch.setattr(folder, "replace", told)
    monkeypatch.setattr(state, "SAVE_SECONDS", 0.01)
    put("a")
    kept = KeptState(folder, RESOURCES)
    kept.begin_saving(deployed)
    assert saved.wait(60)
    kept.save_at_last()
    assert [record.name for record in folder.records("Lake")] == ["a"]


def test_a_setting_is_kept(deployed: Deployed, folder: KeptFolder) -> None:
    first = KeptState(folder, RESOURCES)
    assert first.setting("write_key") is None
    first.keep("write_key", "made up")
    first.begin_saving(deployed)
    first.save_at_last()
    assert KeptState(folder, RESOURCES).setting("write_key") == "made up"


def test_the_content_of_a_resource_that_is_no_more_is_not_dropped_but_refused(deployed: Deployed, folder: KeptFolder) -> None:
    put("a")
    first = KeptState(folder, RESOURCES)
    first.begin_saving(deployed)
    first.save_at_last()
    with pytest.raises(KeptFolderError, match="keeps the content of Lake, which the template has no more"):
        KeptState(folder, {"Role": RESOURCES["Role"]})
