"""The table: how each resource type is changed and deleted once it is there, as far as the local cloud does that as CloudFormation does.

What is `recorded` in `supported` changes nothing and may always change. `in_place` are the other properties that `update` brings about; a change of
one in `replaces` (CloudFormation's createOnlyProperties) makes another resource beside the old one. Any other change is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from local.resources import athena, cognito, custom, functions, http_api, iam, s3, sqs, step_functions, watch
from local.resources import events as calling
from local.resources.facts import FACTS
from local.resources.site import Creator, Existing, Resource, Site
from local.template.intrinsics import Values

Update = Callable[[Resource, Existing, Site], Values]
Delete = Callable[[Existing, Site], None]

_ABSENT: Final = ("NotFound", "NoSuch", "NonExistent", "DoesNotExist")
"""How services call what is not there: it counts as deleted."""


@dataclass(frozen=True, slots=True)
class Call:
    """A service's own operation of deleting, which wants the resource's Ref under `argument`."""

    service: str
    operation: str
    argument: str
    several: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, existing: Existing, site: Site) -> None:
        from botocore.exceptions import ClientError

        reference = existing.values.reference
        wanted = {self.argument: [reference] if self.several else reference, **self.more}
        try:
            getattr(site.client(self.service), self.operation)(**wanted)
        except ClientError as error:
            if not any(word in error.response["Error"]["Code"] for word in _ABSENT):
                raise


def _never(existing: Existing, site: Site) -> NoReturn:
    raise existing.resource.error("", f"the local cloud cannot delete a {existing.resource.type}")


def _nothing(existing: Existing, site: Site) -> None:
    """For what is only in `Deployed`, which forgets it by itself."""


def _anew(creator: Creator) -> Update:
    """For what is only in `Deployed`: the new facts take the place of the old ones."""
    return lambda resource, existing, site: creator(resource, site)


@dataclass(frozen=True, slots=True)
class Change:
    """Names may be dotted (`DatabaseInput.Name`): then the part alone replaces."""

    in_place: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    update: Update | None = None
    delete: Delete = _nothing
    every_property: bool = False


CHANGES: Final[Mapping[str, Change]] = {
    **{kind: Change(every_property=True, update=_anew(creator)) for kind, creator in {**FACTS, **iam.POLICIES}.items()},
    "AWS::ApiGatewayV2::Api": Change(in_place=("Body",), update=_anew(http_api.api)),
    "AWS::ApiGatewayV2::Stage": Change(
        in_place=("DefaultRouteSettings", "RouteSettings"), replaces=("ApiId", "StageName"), update=_anew(http_api.stage)
    ),
    "AWS::Athena::WorkGroup": Change(
        in_place=("WorkGroupConfiguration",),
        replaces=("Name",),
        update=athena.update_work_group,
        delete=Call("athena", "delete_work_group", "WorkGroup"),
    ),
    "AWS::CloudFormation::CustomResource": Change(every_property=True, update=custom.update, delete=custom.delete),
    "AWS::CloudWatch::Alarm": Change(
        every_property=True,
        replaces=("AlarmName",),
        update=_anew(watch.alarm),
        delete=Call("cloudwatch", "delete_alarms", "AlarmNames", several=True),
    ),
    "AWS::Cognito::UserPoolClient": Change(
        in_place=(
            "AccessTokenValidity",
            "AllowedOAuthFlows",
            "AllowedOAuthFlowsUserPoolClient",
            "AllowedOAuthScopes",
            "CallbackURLs",
            "RefreshTokenRotation",
            "RefreshTokenValidity",
            "TokenValidityUnits",
        ),
        replaces=("ClientName", "GenerateSecret", "UserPoolId"),  # a client's id is made of its name here
        update=_anew(cognito.user_pool_client),
    ),
    "AWS::DynamoDB::Table": Change(replaces=("TableName",), delete=Call("dynamodb", "delete_table", "TableName")),
    "AWS::Events::Rule": Change(replaces=("Name",), delete=_never),
    "AWS::Glue::Database": Change(
        in_place=("DatabaseInput",),
        replaces=("CatalogId", "DatabaseInput.Name"),
        update=athena.update_database,
        delete=Call("glue", "delete_database", "Name"),
    ),
    "AWS::IAM::Role": Change(
        in_place=("AssumeRolePolicyDocument", "ManagedPolicyArns", "Policies"),
        replaces=("Path", "RoleName"),
        update=iam.update_role,
        delete=Call("iam", "delete_role", "RoleName"),
    ),
    "AWS::Lambda::EventInvokeConfig": Change(
        in_place=("DestinationConfig", "MaximumRetryAttempts"), replaces=("FunctionName", "Qualifier"), update=_anew(functions.event_invoke_config)
    ),
    "AWS::Lambda::EventSourceMapping": Change(
        in_place=("BatchSize", "Enabled", "FunctionName", "FunctionResponseTypes", "MaximumBatchingWindowInSeconds", "ScalingConfig"),
        replaces=("EventSourceArn",),
        update=_anew(functions.event_source_mapping),
    ),
    "AWS::Lambda::Function": Change(
        in_place=("Code", "Environment", "Handler", "Layers", "LoggingConfig", "MemorySize", "ReservedConcurrentExecutions", "Timeout"),
        replaces=("FunctionName",),
        update=functions.update_function,
        delete=Call("lambda", "delete_function", "FunctionName"),
    ),
    "AWS::Lambda::LayerVersion": Change(
        replaces=("CompatibleArchitectures", "CompatibleRuntimes", "Content", "Description", "LayerName", "LicenseInfo"),
        delete=functions.delete_layer_version,
    ),
    "AWS::Logs::LogGroup": Change(
        every_property=True, replaces=("LogGroupName",), update=watch.update_log_group, delete=Call("logs", "delete_log_group", "logGroupName")
    ),
    "AWS::S3::Bucket": Change(
        in_place=("VersioningConfiguration",), replaces=("BucketName",), update=s3.update_bucket, delete=Call("s3", "delete_bucket", "Bucket")
    ),
    "AWS::SNS::Subscription": Change(replaces=("Endpoint", "Protocol", "TopicArn"), delete=Call("sns", "unsubscribe", "SubscriptionArn")),
    "AWS::SNS::Topic": Change(replaces=("TopicName",), delete=Call("sns", "delete_topic", "TopicArn")),
    "AWS::SQS::Queue": Change(
        in_place=(*(name for name in sqs.ATTRIBUTES if name != "FifoQueue"), "RedrivePolicy"),
        replaces=("FifoQueue", "QueueName"),
        update=sqs.update_queue,
        delete=Call("sqs", "delete_queue", "QueueUrl"),
    ),
    "AWS::Scheduler::Schedule": Change(
        in_place=("ScheduleExpression", "ScheduleExpressionTimezone", "State", "Target"),
        replaces=("Name",),
        update=calling.update_schedule,
        delete=calling.delete_schedule,
    ),
    "AWS::Scheduler::ScheduleGroup": Change(replaces=("Name",), delete=Call("scheduler", "delete_schedule_group", "Name")),
    "AWS::SecretsManager::Secret": Change(
        replaces=("Name",), delete=Call("secretsmanager", "delete_secret", "SecretId", more={"ForceDeleteWithoutRecovery": True})
    ),
    "AWS::StepFunctions::StateMachine": Change(
        in_place=("Definition", "DefinitionS3Location", "DefinitionString", "DefinitionSubstitutions", "RoleArn"),
        replaces=("StateMachineName",),
        update=step_functions.update_state_machine,
        delete=Call("stepfunctions", "delete_state_machine", "stateMachineArn"),
    ),
}
