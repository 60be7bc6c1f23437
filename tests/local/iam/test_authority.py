"""The judgement: what a role may do by its own policies, those attached to it, and what a resource denies everybody."""

from dataclasses import replace
from typing import Any

import pytest

from local.iam.authority import Authority
from local.iam.calls import needed
from local.iam.grants import account
from local.iam.principals import Principal
from local.iam.requests import AccessDeniedError, Request
from local.iam.statements import PolicyError

ROLE = "arn:aws:iam::123456789012:role/reader"
PRINCIPAL = Principal(ROLE, "reading")
READ = Request("s3:GetObject", "arn:aws:s3:::lake/a")
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def policy(sid: str, action: str | list[str] = "s3:GetObject", resource: str = "*", effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Statement": {"Sid": sid, "Effect": effect, "Action": action, "Resource": resource, **more}}


def authority(*documents: dict[str, Any], attached: tuple[str, ...] = ()) -> Authority:
    made = Authority()
    made.add_policy("arn:aws:iam::123456789012:policy/ours", "Ours", policy("Attached", "s3:PutObject"))
    made.add_role(ROLE, "ReaderRole", documents, attached)
    return made


def test_what_no_policy_allows_is_denied_in_awss_words() -> None:
    with pytest.raises(AccessDeniedError) as caught:
        authority().require(PRINCIPAL, READ)
    assert str(caught.value) == (
        "User: arn:aws:sts::123456789012:assumed-role/reader/reading is not authorized to perform: s3:GetObject on resource: "
        "arn:aws:s3:::lake/a because no identity-based policy allows the s3:GetObject action"
    )


def test_inline_attached_and_awss_own_policies_count() -> None:
    judge = authority(policy("Read"), attached=("arn:aws:iam::123456789012:policy/ours", BASIC))
    judge.require(PRINCIPAL, READ, Request("s3:PutObject", "x"), Request("logs:PutLogEvents", "x"))


def test_an_attached_policy_that_nobody_knows_is_refused() -> None:
    with pytest.raises(PolicyError, match="AmazonS3FullAccess is neither a policy of this template nor one of AWSLambdaBasicExecutionRole"):
        authority(attached=("arn:aws:iam::aws:policy/AmazonS3FullAccess",))


def test_an_explicit_deny_wins() -> None:
    with pytest.raises(AccessDeniedError, match="with an explicit deny"):
        authority(policy("Read"), policy("Never", resource="arn:aws:s3:::lake/*", effect="Deny")).require(PRINCIPAL, READ)


def test_a_condition_that_does_not_hold_leaves_the_rest_to_other_statements() -> None:
    narrowed = policy("Few", "dynamodb:GetItem", Condition={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a"]}})
    request = Request("dynamodb:GetItem", "t", frozenset({"b"}))
    assert not authority(narrowed).permits(ROLE, request)
    assert authority(narrowed, policy("All", "dynamodb:GetItem")).permits(ROLE, request)


def test_a_role_is_handed_on_to_the_service_that_the_policy_names_alone() -> None:
    judge = authority(policy("Pass", "iam:PassRole", resource=ROLE, Condition={"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}))
    schedule = {"Name": "october.1", "GroupName": "regulars", "Target": {"RoleArn": ROLE}}
    create, handing_on = needed("scheduler", "CreateSchedule", schedule)
    assert (create.action, create.resource.rsplit(":", 1)[-1]) == ("scheduler:CreateSchedule", "schedule/regulars/october.1")
    assert judge.permits(ROLE, handing_on)
    assert not judge.permits(ROLE, replace(handing_on, passed_to="lambda.amazonaws.com"))


def test_a_resource_denies_everybody() -> None:
    judge = authority(policy("Read"))
    assert judge.permits(ROLE, READ)
    judge.add_resource_policy("BucketPolicy", policy("Closed", "s3:*", effect="Deny", Principal="*"))
    assert not judge.permits(ROLE, READ)


@pytest.mark.parametrize("more", [{"effect": "Allow", "Principal": "*"}, {"effect": "Deny", "Principal": {"AWS": "*"}}])
def test_a_resource_policy_that_says_more_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(PolicyError, match="judges only what it denies everybody"):
        authority().add_resource_policy("BucketPolicy", policy("Other", **more))


def test_a_role_that_nobody_made_may_do_nothing() -> None:
    assert not authority(policy("Read")).permits("arn:aws:iam::123456789012:role/other", READ)


def test_a_statement_can_be_revoked_while_all_runs() -> None:
    judge = authority(policy("Read"))
    judge.require(PRINCIPAL, READ)
    judge.revoke("ReaderRole", "Read")
    assert not judge.permits(ROLE, READ)
    with pytest.raises(KeyError, match="ReaderRole/Read"):
        judge.revoke("ReaderRole", "Read")


def test_a_grant_is_needed_if_nothing_else_allows_what_was_done() -> None:
    judge = authority(
        policy("Read", ["s3:GetObject", "s3:ListBucket"]), policy("Twice", "s3:PutObject"), attached=("arn:aws:iam::123456789012:policy/ours",)
    )
    judge.require(PRINCIPAL, READ, Request("s3:PutObject", "x"))
    reasons = {"Ours/Attached s3:PutObject": "also there", "ReaderRole/Read s3:GetObject": "mistaken", "Gone/Gone s3:GetObject": "mistaken"}
    found = account(judge, reasons)
    assert set(map(str, found.needed)) == {"ReaderRole/Read s3:GetObject"}
    assert dict(found.excused) == {"Ours/Attached s3:PutObject": "also there"}
    assert found.needless == ["ReaderRole/Read s3:ListBucket", "ReaderRole/Twice s3:PutObject"]
    assert found.mistaken == ["Gone/Gone s3:GetObject", "ReaderRole/Read s3:GetObject"]
