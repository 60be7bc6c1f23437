"""The table: each resource type that template.yaml may use here, and what becomes of its properties.

An entry without `honoured` properties is a resource that is only recorded: nothing that runs locally depends on it.
"""

from collections.abc import Mapping
from typing import Final

from local.resources.sqs import ATTRIBUTES as QUEUE_ATTRIBUTES
from local.resources.support import Support

_ACCESS = "nobody checks permissions locally; tests/infra checks the policies themselves"
_BACKUP = "the state lives as long as the process"
_COST = "nothing is billed locally"
_ENCRYPTION = "the state lives in memory and is not encrypted"
_EXPIRY = "nothing lives long enough locally to expire"
_HARDWARE = "the functions run with this machine's Python"
_HANDED_OVER = "handing an event over inside one process does not fail; what the function does with it is its EventInvokeConfig's"
_HASTE = "retries follow within seconds and never get that old"
_ISSUER = "the local issuer stands in for the user pool"
_LOGS = "logs go to this process's own log"
_NAMING = "describes the resource and changes nothing"
_NO_UPDATES = "a template is deployed once and never updated or deleted"
_TRACING = "nothing is traced locally"
_WATCH = "nobody watches a laptop: alarms and metrics exist on AWS only"

_TAGS = {"Tags": _NAMING}

SUPPORTED: Final[Mapping[str, Support]] = {
    # Storage
    "AWS::S3::Bucket": Support(
        honoured=("BucketName", "VersioningConfiguration"),
        recorded={
            "BucketEncryption": _ENCRYPTION,
            "LifecycleConfiguration": _EXPIRY,
            "OwnershipControls": _ACCESS,
            "PublicAccessBlockConfiguration": _ACCESS,
            **_TAGS,
        },
    ),
    "AWS::S3::BucketPolicy": Support(recorded={"Bucket": _ACCESS, "PolicyDocument": _ACCESS}),
    "AWS::DynamoDB::Table": Support(
        honoured=(
            "AttributeDefinitions",
            "BillingMode",
            "GlobalSecondaryIndexes",
            "KeySchema",
            "LocalSecondaryIndexes",
            "ProvisionedThroughput",
            "StreamSpecification.StreamViewType",
            "TableName",
        ),
        recorded={
            "DeletionProtectionEnabled": _NO_UPDATES,
            "PointInTimeRecoverySpecification": _BACKUP,
            "SSESpecification": _ENCRYPTION,
            "TimeToLiveSpecification": _EXPIRY,
            **_TAGS,
        },
    ),
    "AWS::SecretsManager::Secret": Support(
        honoured=("GenerateSecretString", "Name", "SecretString"),
        recorded={"Description": _NAMING, "KmsKeyId": _ENCRYPTION, **_TAGS},
    ),
    # The lake
    "AWS::Glue::Database": Support(honoured=("CatalogId", "DatabaseInput")),
    "AWS::Athena::WorkGroup": Support(
        honoured=(
            "Name",
            "WorkGroupConfiguration.BytesScannedCutoffPerQuery",
            "WorkGroupConfiguration.EnforceWorkGroupConfiguration",
            "WorkGroupConfiguration.ResultConfiguration.OutputLocation",
        ),
        recorded={
            "Description": _NAMING,
            "RecursiveDeleteOption": _NO_UPDATES,
            "WorkGroupConfiguration.EngineVersion": "DuckDB stands in for engine version 3, whatever is asked for",
            "WorkGroupConfiguration.PublishCloudWatchMetricsEnabled": _WATCH,
            "WorkGroupConfiguration.RequesterPaysEnabled": _COST,
            "WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration": _ENCRYPTION,
            **_TAGS,
        },
    ),
    # Queues and topics
    "AWS::SQS::Queue": Support(
        honoured=(*QUEUE_ATTRIBUTES, "QueueName", "RedrivePolicy.deadLetterTargetArn", "RedrivePolicy.maxReceiveCount"),
        recorded={
            "KmsDataKeyReusePeriodSeconds": _ENCRYPTION,
            "KmsMasterKeyId": _ENCRYPTION,
            "SqsManagedSseEnabled": _ENCRYPTION,
            **_TAGS,
        },
    ),
    "AWS::SQS::QueuePolicy": Support(recorded={"PolicyDocument": _ACCESS, "Queues": _ACCESS}),
    "AWS::SNS::Topic": Support(honoured=("TopicName",), recorded={"DisplayName": _NAMING, "KmsMasterKeyId": _ENCRYPTION, **_TAGS}),
    "AWS::SNS::TopicPolicy": Support(recorded={"PolicyDocument": _ACCESS, "Topics": _ACCESS}),
    "AWS::SNS::Subscription": Support(honoured=("Endpoint", "Protocol", "RawMessageDelivery", "TopicArn")),
    # Functions
    "AWS::Lambda::LayerVersion": Support(
        honoured=("Content", "LayerName"),
        recorded={
            "CompatibleArchitectures": _HARDWARE,
            "CompatibleRuntimes": _HARDWARE,
            "Description": _NAMING,
            "LicenseInfo": _NAMING,
        },
    ),
    "AWS::Lambda::Function": Support(
        honoured=(
            "Code",
            "Environment",
            "FunctionName",
            "Handler",
            "Layers",
            "MemorySize",
            "ReservedConcurrentExecutions",
            "Timeout",
        ),
        recorded={
            "Architectures": _HARDWARE,
            "Description": _NAMING,
            "LoggingConfig": _LOGS,
            "Role": _ACCESS,
            "Runtime": _HARDWARE,
            "TracingConfig": _TRACING,
            **_TAGS,
        },
    ),
    "AWS::Lambda::Permission": Support(
        recorded={
            "Action": _ACCESS,
            "FunctionName": _ACCESS,
            "Principal": _ACCESS,
            "SourceAccount": _ACCESS,
            "SourceArn": _ACCESS,
        }
    ),
    "AWS::Lambda::EventSourceMapping": Support(
        honoured=(
            "BatchSize",
            "Enabled",
            "EventSourceArn",
            "FunctionName",
            "FunctionResponseTypes",
            "MaximumBatchingWindowInSeconds",
            "ScalingConfig.MaximumConcurrency",
        ),
        recorded=_TAGS,
    ),
    "AWS::Lambda::EventInvokeConfig": Support(
        honoured=(
            "DestinationConfig.OnFailure.Destination",
            "FunctionName",
            "MaximumRetryAttempts",
            "Qualifier",
        ),
        recorded={"MaximumEventAgeInSeconds": _HASTE},
    ),
    "AWS::CloudFormation::CustomResource": Support(every_property=True),
    # HTTP
    "AWS::ApiGatewayV2::Api": Support(
        honoured=("Body.components", "Body.paths"),
        recorded={
            "Body.info": _NAMING,
            "Body.openapi": "the body is read as the OpenAPI 3 that SAM writes",
            "Body.tags": _NAMING,
            "FailOnWarnings": "an OpenAPI body that cannot be read fails here anyway",
            **_TAGS,
        },
    ),
    "AWS::ApiGatewayV2::Stage": Support(
        honoured=("ApiId", "StageName"),
        recorded={
            "AccessLogSettings": _LOGS,
            "AutoDeploy": _NO_UPDATES,
            "DefaultRouteSettings": "one laptop needs no throttling",
            **_TAGS,
        },
    ),
    # Orchestration and time
    "AWS::StepFunctions::StateMachine": Support(
        honoured=(
            "Definition",
            "DefinitionS3Location",
            "DefinitionString",
            "DefinitionSubstitutions",
            "RoleArn",
            "StateMachineName",
        ),
        recorded={"LoggingConfiguration": _LOGS, "TracingConfiguration": _TRACING, **_TAGS},
    ),
    "AWS::Scheduler::Schedule": Support(
        honoured=(
            "GroupName",
            "Name",
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "State",
            "Target.Arn",
            "Target.Input",
        ),
        recorded={
            "Description": _NAMING,
            "FlexibleTimeWindow": "a schedule fires at its time, which every window allows",
            "Target.DeadLetterConfig": _HANDED_OVER,
            "Target.RetryPolicy": _HANDED_OVER,
            "Target.RoleArn": _ACCESS,
        },
    ),
    "AWS::Scheduler::ScheduleGroup": Support(honoured=("Name",), recorded=_TAGS),
    "AWS::Events::Rule": Support(
        honoured=(
            "EventBusName",
            "EventPattern",
            "Name",
            "ScheduleExpression",
            "State",
            "Targets[].Arn",
            "Targets[].Input",
        ),
        recorded={"Description": _NAMING, "Targets[].Id": _NAMING, "Targets[].RoleArn": _ACCESS},
    ),
    # People and permissions
    "AWS::IAM::Role": Support(
        honoured=("AssumeRolePolicyDocument", "RoleName"),
        recorded={
            "Description": _NAMING,
            "ManagedPolicyArns": _ACCESS,
            "MaxSessionDuration": _ACCESS,
            "Path": _NAMING,
            "PermissionsBoundary": _ACCESS,
            "Policies": _ACCESS,
            **_TAGS,
        },
    ),
    "AWS::IAM::Policy": Support(recorded={"PolicyDocument": _ACCESS, "PolicyName": _ACCESS, "Roles": _ACCESS}),
    "AWS::IAM::ManagedPolicy": Support(
        honoured=("ManagedPolicyName",),
        recorded={"Description": _NAMING, "PolicyDocument": _ACCESS, "Roles": _ACCESS},
    ),
    "AWS::Cognito::UserPool": Support(
        honoured=("UserPoolName",),
        recorded={
            "AdminCreateUserConfig": _ISSUER,
            "DeletionProtection": _NO_UPDATES,
            "MfaConfiguration": _ISSUER,
            "Policies": _ISSUER,
            "UserPoolTags": _NAMING,
        },
    ),
    "AWS::Cognito::UserPoolClient": Support(
        honoured=(
            "AccessTokenValidity",
            "AllowedOAuthFlows",
            "AllowedOAuthFlowsUserPoolClient",
            "AllowedOAuthScopes",
            "CallbackURLs",
            "ClientName",
            "GenerateSecret",
            "RefreshTokenRotation",
            "RefreshTokenValidity",
            "TokenValidityUnits",
        ),
        recorded={
            "EnableTokenRevocation": "tokens are not revoked locally: they end with the platform",
            "ExplicitAuthFlows": _ISSUER,
            "IdTokenValidity": "the local issuer gives access tokens only",
            "PreventUserExistenceErrors": _ISSUER,
            "SupportedIdentityProviders": _ISSUER,
            "UserPoolId": _ISSUER,
        },
    ),
    "AWS::Cognito::UserPoolDomain": Support(honoured=("Domain",), recorded={"UserPoolId": _ISSUER}),
    "AWS::Cognito::UserPoolResourceServer": Support(honoured=("Identifier",), recorded={"Name": _NAMING, "Scopes": _ISSUER, "UserPoolId": _ISSUER}),
    # Watching
    "AWS::Logs::LogGroup": Support(honoured=("LogGroupName",), recorded={"KmsKeyId": _ENCRYPTION, "RetentionInDays": _EXPIRY, **_TAGS}),
    "AWS::CloudWatch::Alarm": Support(
        honoured=("AlarmName",),
        recorded=dict.fromkeys(
            (
                "ActionsEnabled",
                "AlarmActions",
                "AlarmDescription",
                "ComparisonOperator",
                "DatapointsToAlarm",
                "Dimensions",
                "EvaluationPeriods",
                "ExtendedStatistic",
                "InsufficientDataActions",
                "MetricName",
                "Metrics",
                "Namespace",
                "OKActions",
                "Period",
                "Statistic",
                "Tags",
                "Threshold",
                "TreatMissingData",
                "Unit",
            ),
            _WATCH,
        ),
    ),
}
