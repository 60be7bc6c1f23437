"""The table: each resource type that template.yaml may use here, and what becomes of its properties.

An entry without `honoured` properties is a resource that is only recorded: nothing that runs locally depends on it.
"""

from collections.abc import Mapping
from typing import Final

from local.resources import recorded as why
from local.resources.sqs import ATTRIBUTES as QUEUE_ATTRIBUTES
from local.resources.support import Support

_TAGS = {"Tags": why.NAMING}

SUPPORTED: Final[Mapping[str, Support]] = {
    # Storage
    "AWS::S3::Bucket": Support(
        honoured=("BucketName", "VersioningConfiguration"),
        recorded={
            "BucketEncryption": why.ENCRYPTION,
            "LifecycleConfiguration": why.EXPIRY,
            "OwnershipControls": why.ACCESS,
            "PublicAccessBlockConfiguration": why.ACCESS,
            **_TAGS,
        },
    ),
    "AWS::S3::BucketPolicy": Support(honoured=("Bucket", "PolicyDocument")),
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
            "DeletionProtectionEnabled": why.PROTECTION,
            "PointInTimeRecoverySpecification": why.BACKUP,
            "SSESpecification": why.ENCRYPTION,
            "TimeToLiveSpecification": why.EXPIRY,
            **_TAGS,
        },
    ),
    "AWS::SecretsManager::Secret": Support(
        honoured=("GenerateSecretString", "Name", "SecretString"),
        recorded={"Description": why.NAMING, "KmsKeyId": why.ENCRYPTION, **_TAGS},
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
            "Description": why.NAMING,
            "RecursiveDeleteOption": "a work group goes here whatever it holds",
            "WorkGroupConfiguration.EngineVersion": "DuckDB stands in for engine version 3, whatever is asked for",
            "WorkGroupConfiguration.PublishCloudWatchMetricsEnabled": "the metrics of queries are not counted here",
            "WorkGroupConfiguration.RequesterPaysEnabled": why.COST,
            "WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration": why.ENCRYPTION,
            **_TAGS,
        },
    ),
    # Queues and topics
    "AWS::SQS::Queue": Support(
        honoured=(*QUEUE_ATTRIBUTES, "QueueName", "RedrivePolicy.deadLetterTargetArn", "RedrivePolicy.maxReceiveCount"),
        recorded={
            "KmsDataKeyReusePeriodSeconds": why.ENCRYPTION,
            "KmsMasterKeyId": why.ENCRYPTION,
            "SqsManagedSseEnabled": why.ENCRYPTION,
            **_TAGS,
        },
    ),
    "AWS::SQS::QueuePolicy": Support(honoured=("PolicyDocument", "Queues")),
    "AWS::SNS::Topic": Support(honoured=("TopicName",), recorded={"DisplayName": why.NAMING, "KmsMasterKeyId": why.ENCRYPTION, **_TAGS}),
    "AWS::SNS::TopicPolicy": Support(honoured=("PolicyDocument", "Topics")),
    "AWS::SNS::Subscription": Support(honoured=("Endpoint", "Protocol", "RawMessageDelivery", "TopicArn")),
    # Functions
    "AWS::Lambda::LayerVersion": Support(
        honoured=("Content", "LayerName"),
        recorded={
            "CompatibleArchitectures": why.HARDWARE,
            "CompatibleRuntimes": why.HARDWARE,
            "Description": why.NAMING,
            "LicenseInfo": why.NAMING,
        },
    ),
    "AWS::Lambda::Function": Support(
        honoured=(
            "Code",
            "Environment",
            "FunctionName",
            "Handler",
            "Layers",
            "LoggingConfig.LogGroup",
            "MemorySize",
            "ReservedConcurrentExecutions",
            "Role",
            "Timeout",
        ),
        recorded={
            "Architectures": why.HARDWARE,
            "Description": why.NAMING,
            "LoggingConfig.ApplicationLogLevel": why.LOGS,
            "LoggingConfig.LogFormat": why.LOGS,
            "LoggingConfig.SystemLogLevel": why.LOGS,
            "RecursiveLoop": "calls that go round are not counted here",
            "Runtime": why.HARDWARE,
            "TracingConfig": why.TRACING,
            **_TAGS,
        },
    ),
    "AWS::Lambda::Permission": Support(
        recorded={
            "Action": why.ACCESS,
            "FunctionName": why.ACCESS,
            "Principal": why.ACCESS,
            "SourceAccount": why.ACCESS,
            "SourceArn": why.ACCESS,
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
        recorded={"MaximumEventAgeInSeconds": why.HASTE},
    ),
    "AWS::CloudFormation::CustomResource": Support(every_property=True),
    # HTTP
    "AWS::ApiGatewayV2::Api": Support(
        honoured=("Body.components", "Body.paths"),
        recorded={
            "Body.info": why.NAMING,
            "Body.openapi": "the body is read as the OpenAPI 3 that SAM writes",
            "Body.tags": why.NAMING,
            "FailOnWarnings": "an OpenAPI body that cannot be read fails here anyway",
            **_TAGS,
        },
    ),
    "AWS::ApiGatewayV2::Stage": Support(
        honoured=(
            "ApiId",
            "DefaultRouteSettings.ThrottlingBurstLimit",
            "DefaultRouteSettings.ThrottlingRateLimit",
            "RouteSettings",  # by route key; http_api.stage looks into each
            "StageName",
        ),
        recorded={
            "AccessLogSettings": why.LOGS,
            "AutoDeploy": "what is deployed is served",
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
        recorded={"LoggingConfiguration": why.LOGS, "TracingConfiguration": why.TRACING, **_TAGS},
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
            "Target.RoleArn",
        ),
        recorded={
            "Description": why.NAMING,
            "FlexibleTimeWindow": "a schedule fires at its time, which every window allows",
            "Target.DeadLetterConfig": why.HANDED_OVER,
            "Target.RetryPolicy": why.HANDED_OVER,
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
            "Targets[].RoleArn",
        ),
        recorded={"Description": why.NAMING, "Targets[].Id": why.NAMING},
    ),
    # People and permissions
    "AWS::IAM::Role": Support(
        honoured=("AssumeRolePolicyDocument", "ManagedPolicyArns", "Policies", "RoleName"),
        recorded={
            "Description": why.NAMING,
            "MaxSessionDuration": why.ACCESS,
            "Path": why.NAMING,
            **_TAGS,
        },
    ),
    "AWS::IAM::ManagedPolicy": Support(honoured=("ManagedPolicyName", "PolicyDocument"), recorded={"Description": why.NAMING}),
    "AWS::Cognito::UserPool": Support(
        honoured=("UserPoolName",),
        recorded={
            "AdminCreateUserConfig": why.ISSUER,
            "DeletionProtection": why.PROTECTION,
            "MfaConfiguration": why.ISSUER,
            "Policies": why.ISSUER,
            "UserPoolTags": why.NAMING,
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
            "LogoutURLs",
            "RefreshTokenRotation",
            "RefreshTokenValidity",
            "TokenValidityUnits",
        ),
        recorded={
            "EnableTokenRevocation": "the local issuer revokes what it is asked to",
            "ExplicitAuthFlows": why.ISSUER,
            "IdTokenValidity": "the local issuer gives access tokens only",
            "PreventUserExistenceErrors": why.ISSUER,
            "SupportedIdentityProviders": why.ISSUER,
            "UserPoolId": why.ISSUER,
        },
    ),
    "AWS::Cognito::UserPoolGroup": Support(
        honoured=("GroupName",), recorded={"Description": why.NAMING, "Precedence": why.ISSUER, "RoleArn": why.ISSUER, "UserPoolId": why.ISSUER}
    ),
    "AWS::Cognito::UserPoolDomain": Support(honoured=("Domain",), recorded={"UserPoolId": why.ISSUER}),
    "AWS::Cognito::UserPoolResourceServer": Support(
        honoured=("Identifier",), recorded={"Name": why.NAMING, "Scopes": why.ISSUER, "UserPoolId": why.ISSUER}
    ),
    # Watching
    "AWS::Logs::LogGroup": Support(honoured=("LogGroupName", "RetentionInDays"), recorded={"KmsKeyId": why.ENCRYPTION, **_TAGS}),
    "AWS::CloudWatch::Alarm": Support(
        honoured=(
            "ActionsEnabled",
            "AlarmActions",
            "AlarmDescription",
            "AlarmName",
            "ComparisonOperator",
            "DatapointsToAlarm",
            "Dimensions",
            "EvaluationPeriods",
            "MetricName",
            "Namespace",
            "OKActions",
            "InsufficientDataActions",
            "Period",
            "Statistic",
            "Threshold",
            "TreatMissingData",
            "Unit",
        ),
        recorded=_TAGS,
    ),
}
