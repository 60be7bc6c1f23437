"""The table: who makes each resource type."""

from collections.abc import Mapping
from typing import Final

from local.resources import (
    athena,
    cognito,
    custom,
    dynamodb,
    events,
    facts,
    functions,
    http_api,
    iam,
    s3,
    secrets,
    sqs,
    step_functions,
    watch,
)
from local.resources.site import Creator

CREATORS: Final[Mapping[str, Creator]] = {
    **facts.FACTS,
    "AWS::ApiGatewayV2::Api": http_api.api,
    "AWS::ApiGatewayV2::Stage": http_api.stage,
    "AWS::Athena::WorkGroup": athena.work_group,
    "AWS::CloudFormation::CustomResource": custom.custom_resource,
    "AWS::CloudWatch::Alarm": watch.alarm,
    "AWS::Cognito::UserPoolClient": cognito.user_pool_client,
    "AWS::DynamoDB::Table": dynamodb.table,
    "AWS::Events::Rule": events.rule,
    "AWS::Glue::Database": athena.database,
    "AWS::IAM::Role": iam.role,
    "AWS::Lambda::EventInvokeConfig": functions.event_invoke_config,
    "AWS::Lambda::EventSourceMapping": functions.event_source_mapping,
    "AWS::Lambda::Function": functions.function,
    "AWS::Lambda::LayerVersion": functions.layer_version,
    "AWS::Logs::LogGroup": watch.log_group,
    "AWS::S3::Bucket": s3.bucket,
    "AWS::SNS::Subscription": events.subscription,
    "AWS::SNS::Topic": events.topic,
    "AWS::SQS::Queue": sqs.queue,
    "AWS::Scheduler::Schedule": events.schedule,
    "AWS::Scheduler::ScheduleGroup": events.schedule_group,
    "AWS::SecretsManager::Secret": secrets.secret,
    "AWS::StepFunctions::StateMachine": step_functions.state_machine,
}
