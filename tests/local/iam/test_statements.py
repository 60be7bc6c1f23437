"""A policy document as statements: what they match, and what is refused because it can't be judged."""

from typing import Any

import pytest

from local.iam import aws_managed, statements
from local.iam.requests import LEADING_KEYS, Request, UnknownCallError
from local.iam.statements import PolicyError


def statement(**elements: Any) -> statements.Statement:
    document = {"Statement": [{"Sid": "S", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **elements}]}
    (found,) = statements.read("Role", document)
    return found


@pytest.mark.parametrize(
    ("resource", "asked", "covered"),
    [
        ("arn:aws:s3:::lake/raw/*", "arn:aws:s3:::lake/raw/a/b.gz", True),
        ("arn:aws:s3:::lake/raw/*", "arn:aws:s3:::lake/rawer", False),
        ("arn:aws:s3:::lake/a.b", "arn:aws:s3:::lake/aXb", False),
        ("arn:aws:s3:::lake/a+", "arn:aws:s3:::lake/aa", False),
        ("arn:aws:s3:::lake/a?", "arn:aws:s3:::lake/ab", True),
        ("arn:aws:s3:::lake/a?", "arn:aws:s3:::lake/", False),
        ("arn:aws:s3:::lake/a", "arn:aws:s3:::lake/A", False),
        ("arn:aws:s3:::lake/*", "arn:aws:s3:::lake/a line\nbreak", True),
    ],
)
def test_only_a_star_and_a_question_mark_stand_for_other_text(resource: str, asked: str, covered: bool) -> None:
    assert statement(Resource=resource).covers(Request("s3:GetObject", asked)) is covered


def test_actions_do_not_mind_case_and_resources_do() -> None:
    assert statement(Action="S3:getobject").covers(Request("s3:GetObject", "x"))


@pytest.mark.parametrize("element", ["NotAction", "NotResource"])
def test_an_element_that_is_not_understood_is_refused(element: str) -> None:
    with pytest.raises(PolicyError, match=f"statement S: {element} is not understood"):
        statement(**{element: "*"})


@pytest.mark.parametrize(
    "condition",
    [{"StringLike": {"s3:prefix": "raw/*"}}, {"StringEquals": {LEADING_KEYS: "a"}}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}],
)
def test_an_unknown_condition_is_refused_with_those_that_are_known(condition: dict[str, Any]) -> None:
    with pytest.raises(PolicyError, match=r"is not understood by the local cloud, which knows Bool aws:SecureTransport, ForAllValues"):
        statement(Condition=condition)


def test_leading_keys_narrow_a_statement_to_some_items() -> None:
    narrowed = statement(Action="dynamodb:GetItem", Condition={"ForAllValues:StringEquals": {LEADING_KEYS: ["state#curate"]}})
    assert narrowed.covers(Request("dynamodb:GetItem", "t", frozenset({"state#curate"})))
    assert not narrowed.covers(Request("dynamodb:GetItem", "t", frozenset({"state#curate", "run-1"})))
    with pytest.raises(UnknownCallError, match="dynamodb:GetItem"):
        narrowed.covers(Request("dynamodb:GetItem", "t"))


def test_a_statement_about_calls_without_tls_covers_none_of_ours() -> None:
    assert not statement(Condition={"Bool": {"aws:SecureTransport": "false"}}).covers(Request("s3:GetObject", "x"))


def test_the_policies_of_awss_own_are_those_that_moto_copied_from_aws() -> None:
    import json

    from moto.iam.aws_managed_policies import aws_managed_policies_data

    known = json.loads(aws_managed_policies_data)
    assert {name: known[name]["Document"] for name in aws_managed.DOCUMENTS} == dict(aws_managed.DOCUMENTS)
