"""Each resource type, created in moto or kept as a fact, from plain CloudFormation."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.resources.model import ApiStage, Deployed, JwtAuthorizer, Throttle
from local.template.errors import TemplateError

Deploy = Callable[..., Deployed]
Client = Callable[[str], Any]

ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}, "Policies": []},
}


def function(**properties: Any) -> dict[str, Any]:
    code = {"S3Bucket": "local", "S3Key": "functions/greet"}
    role = {"Fn::GetAtt": ["Role", "Arn"]}
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": code,
            "Handler": "handler.lambda_handler",
            "Runtime": "python3.13",
            "Role": role,
            **properties,
        },
    }


def layer(path: str) -> dict[str, Any]:
    return {"Type": "AWS::Lambda::LayerVersion", "Properties": {"Content": {"S3Bucket": "local", "S3Key": path}}}


def test_a_bucket_is_named_after_the_stack_and_gives_its_arn(deploy: Deploy, client: Client) -> None:
    deployed = deploy({"Lake": {"Type": "AWS::S3::Bucket", "Properties": {"VersioningConfiguration": {"Status": "Enabled"}}}})
    name = deployed.references["Lake"]
    assert name.endswith("-lake")
    assert deployed.attributes["Lake"]["Arn"] == f"arn:aws:s3:::{name}"
    assert client("s3").get_bucket_versioning(Bucket=name)["Status"] == "Enabled"


def test_queues_are_created_before_those_that_redrive_to_them(deploy: Deploy, client: Client) -> None:
    redrive = {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "maxReceiveCount": 5}
    deployed = deploy(
        {
            "Queue": {
                "Type": "AWS::SQS::Queue",
                "Properties": {"VisibilityTimeout": 360, "RedrivePolicy": redrive, "SqsManagedSseEnabled": True},
            },
            "Dead": {"Type": "AWS::SQS::Queue"},
        }
    )
    attributes = client("sqs").get_queue_attributes(QueueUrl=deployed.references["Queue"], AttributeNames=["All"])["Attributes"]
    assert attributes["VisibilityTimeout"] == "360"
    assert json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"] == deployed.attributes["Dead"]["Arn"]
    assert attributes["QueueArn"] == deployed.attributes["Queue"]["Arn"]


def test_a_table_has_its_keys_stream_and_time_to_live(deploy: Deploy, client: Client) -> None:
    deployed = deploy(
        {
            "People": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                    "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
                    "TimeToLiveSpecification": {"AttributeName": "gone", "Enabled": True},
                },
            }
        }
    )
    table = deployed.tables["People"]
    described = client("dynamodb").describe_table(TableName=table.name)["Table"]
    assert described["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert (described["TableArn"], described["LatestStreamArn"], "gone") == (
        table.arn,
        table.stream_arn,
        table.ttl_attribute,
    )
    assert deployed.attributes["People"] == {"Arn": table.arn, "StreamArn": table.stream_arn}


def test_the_lake_has_a_database_and_a_work_group(deploy: Deploy, client: Client) -> None:
    configuration = {
        "BytesScannedCutoffPerQuery": {"Ref": "Bytes"},
        "EnforceWorkGroupConfiguration": True,
        "ResultConfiguration": {"OutputLocation": "s3://lake/results/"},
    }
    deployed = deploy(
        {
            "Database": {
                "Type": "AWS::Glue::Database",
                "Properties": {
                    "CatalogId": {"Ref": "AWS::AccountId"},
                    "DatabaseInput": {"Name": {"Fn::Sub": "a_${AWS::StackName}"}},
                },
            },
            "WorkGroup": {
                "Type": "AWS::Athena::WorkGroup",
                "Properties": {"Name": {"Ref": "AWS::StackName"}, "WorkGroupConfiguration": configuration},
            },
        },
        Parameters={"Bytes": {"Type": "Number", "Default": 20000000}},
    )
    assert client("glue").get_database(Name=deployed.references["Database"])["Database"]["Name"].startswith("a_stack-")
    made = client("athena").get_work_group(WorkGroup=deployed.references["WorkGroup"])["WorkGroup"]["Configuration"]
    assert made["BytesScannedCutoffPerQuery"] == 20000000
    assert made["ResultConfiguration"]["OutputLocation"] == "s3://lake/results/"


def test_secrets_have_the_value_that_the_template_gives_or_none(deploy: Deploy, client: Client) -> None:
    template = {
        "GenerateSecretString": {
            "SecretStringTemplate": '{"user": "a"}',
            "GenerateStringKey": "password",
            "PasswordLength": "20",
        }
    }
    deployed = deploy(
        {
            "Made": {"Type": "AWS::SecretsManager::Secret", "Properties": template},
            "Empty": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Description": "later"}},
        }
    )
    secrets = client("secretsmanager")
    made = json.loads(secrets.get_secret_value(SecretId=deployed.references["Made"])["SecretString"])
    assert made["user"] == "a"
    assert len(made["password"]) == 20
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.get_secret_value(SecretId=deployed.references["Empty"])


def test_a_function_runs_from_the_checkout_with_its_layers(deploy: Deploy, client: Client, checkout: Path) -> None:
    deployed = deploy(
        {
            "Role": ROLE,
            "Shared": layer("layers/shared"),
            "Schema": layer("infra"),
            "Greet": function(
                Layers=[{"Ref": "Shared"}, {"Ref": "Schema"}],
                Timeout="60",
                ReservedConcurrentExecutions=4,
                Environment={"Variables": {"SCHEMA_DIR": "/opt/migrations", "LIMIT": 5, "ON": True}},
            ),
        }
    )
    made = deployed.functions["Greet"]
    assert (made.code, made.layers) == (checkout / "functions/greet", (checkout / "layers/shared", checkout / "infra"))
    assert (made.timeout, made.memory, made.reserved_concurrency) == (60, 128, 4)
    assert made.environment == {"SCHEMA_DIR": str(checkout / "infra/migrations"), "LIMIT": "5", "ON": "true"}
    assert deployed.attributes["Greet"]["Arn"] == made.arn
    assert client("lambda").get_function(FunctionName=made.name)["Configuration"]["Timeout"] == 60
    assert deployed.function(f"{made.arn}:live") is deployed.function(made.name) is deployed.function("Greet") is made


def test_a_queue_as_event_source_becomes_a_mapping(deploy: Deploy) -> None:
    deployed = deploy(
        {
            "Role": ROLE,
            "Greet": function(),
            "Queue": {"Type": "AWS::SQS::Queue"},
            "FromQueue": {
                "Type": "AWS::Lambda::EventSourceMapping",
                "Properties": {
                    "FunctionName": {"Ref": "Greet"},
                    "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
                    "BatchSize": 100,
                    "MaximumBatchingWindowInSeconds": 2,
                    "FunctionResponseTypes": ["ReportBatchItemFailures"],
                    "ScalingConfig": {"MaximumConcurrency": 3},
                },
            },
        }
    )
    (queue,) = deployed.queue_mappings
    assert (queue.queue_arn, queue.function_arn) == (
        deployed.attributes["Queue"]["Arn"],
        deployed.functions["Greet"].arn,
    )
    assert (queue.batch_size, queue.window, queue.report_failures, queue.maximum_concurrency) == (100, 2, True, 3)


@pytest.mark.parametrize(
    ("properties", "refused"),
    [({"StartingPosition": "LATEST"}, "StartingPosition"), ({}, "stream/2026 is no SQS queue")],
    ids=["as AWS wants it written", "without a starting position"],
)
def test_a_stream_as_event_source_is_refused(deploy: Deploy, properties: dict[str, Any], refused: str) -> None:
    stream = "arn:aws:dynamodb:us-east-1:123456789012:table/People/stream/2026"
    mapping = {"FunctionName": {"Ref": "Greet"}, "EventSourceArn": stream, **properties}
    with pytest.raises(TemplateError, match=rf"Resources\.FromTable\.Properties\..*{refused}"):
        deploy({"Role": ROLE, "Greet": function(), "FromTable": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping}})


def test_asynchronous_failures_have_their_destination(deploy: Deploy) -> None:
    destination = {"OnFailure": {"Destination": {"Fn::GetAtt": ["Dead", "Arn"]}}}
    deployed = deploy(
        {
            "Role": ROLE,
            "Greet": function(),
            "Dead": {"Type": "AWS::SQS::Queue"},
            "Config": {
                "Type": "AWS::Lambda::EventInvokeConfig",
                "Properties": {
                    "FunctionName": {"Ref": "Greet"},
                    "Qualifier": "$LATEST",
                    "MaximumRetryAttempts": 1,
                    "DestinationConfig": destination,
                },
            },
        }
    )
    (config,) = deployed.async_invokes
    assert (config.function_arn, config.maximum_retries, config.on_failure_arn) == (
        deployed.functions["Greet"].arn,
        1,
        deployed.attributes["Dead"]["Arn"],
    )


def operation(**more: Any) -> dict[str, Any]:
    uri = {"Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Greet.Arn}/invocations"}
    return {
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "payloadFormatVersion": "2.0",
            "uri": uri,
        },
        **more,
    }


def test_an_api_becomes_routes_with_their_authorizers(deploy: Deploy) -> None:
    jwt = {
        "type": "jwt",
        "identitySource": "$request.header.Authorization",
        "jwtConfiguration": {"issuer": "https://issuer", "audience": ["client"]},
    }
    body = {
        "paths": {
            "/$default": {"x-amazon-apigateway-any-method": operation(isDefaultRoute=True, security=[{"NONE": []}])},
            "/admin/{proxy+}": {
                "get": operation(security=[{"Admin": ["read"]}]),
                "x-amazon-apigateway-any-method": operation(security=[{"Admin": []}]),
            },
        },
        "components": {"securitySchemes": {"Admin": {"type": "oauth2", "x-amazon-apigateway-authorizer": jwt}}},
    }
    deployed = deploy(
        {
            "Role": ROLE,
            "Greet": function(),
            "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}},
            "Stage": {
                "Type": "AWS::ApiGatewayV2::Stage",
                "Properties": {
                    "ApiId": {"Ref": "Api"},
                    "StageName": "$default",
                    "AutoDeploy": True,
                    "DefaultRouteSettings": {"ThrottlingRateLimit": {"Ref": "Rate"}, "ThrottlingBurstLimit": "20"},
                    "RouteSettings": {"GET /admin/{proxy+}": {"ThrottlingRateLimit": 0.5, "ThrottlingBurstLimit": 1}},
                },
            },
        },
        Parameters={"Rate": {"Type": "Number", "Default": 10}},
    )
    api = deployed.apis["Api"]
    assert deployed.stages["Stage"] == ApiStage("Stage", api.api_id, Throttle(10, 20), {"GET /admin/{proxy+}": Throttle(0.5, 1)})
    assert [(route.key, route.authorizer, route.scopes) for route in api.routes] == [
        ("$default", None, ()),
        ("GET /admin/{proxy+}", "Admin", ("read",)),
        ("ANY /admin/{proxy+}", "Admin", ()),
    ]
    assert {route.function_arn for route in api.routes} == {deployed.functions["Greet"].arn}
    assert api.authorizers == {"Admin": JwtAuthorizer("Admin", "https://issuer", ("client",))}


def test_an_api_that_wants_cors_from_the_gateway_is_refused(deploy: Deploy) -> None:
    body = {"paths": {}, "x-amazon-apigateway-cors": {"allowOrigins": ["*"], "maxAge": 60}}
    with pytest.raises(TemplateError, match=r"Api\.Properties\.Body\.x-amazon-apigateway-cors: is not supported"):
        deploy({"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}})


def machine(**properties: Any) -> dict[str, Any]:
    place = {"Bucket": "local", "Key": "infra/machine.asl.json"}
    return {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"DefinitionS3Location": place, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, **properties},
    }


def test_a_state_machine_is_its_file_with_its_substitutions(deploy: Deploy, client: Client) -> None:
    deployed = deploy(
        {
            "Role": ROLE,
            "Greet": function(),
            "Machine": machine(DefinitionSubstitutions={"Arn": {"Fn::GetAtt": ["Greet", "Arn"]}}),
        }
    )
    made = deployed.machines["Machine"]
    assert json.loads(made.definition)["States"]["Greet"]["Resource"] == deployed.functions["Greet"].arn
    assert client("stepfunctions").describe_state_machine(stateMachineArn=made.arn)["definition"] == made.definition
    assert deployed.references["Machine"] == deployed.attributes["Machine"]["Arn"] == made.arn


def test_schedules_and_rules_are_known_to_the_pumps_and_to_moto(deploy: Deploy, client: Client) -> None:
    arn = {"Fn::GetAtt": ["Greet", "Arn"]}
    target = {
        "Arn": arn,
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 900},
    }
    every = {"ScheduleExpression": "rate(15 minutes)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}
    deployed = deploy(
        {
            "Role": ROLE,
            "Greet": function(),
            "Every": {"Type": "AWS::Scheduler::Schedule", "Properties": every},
            "Daily": {
                "Type": "AWS::Events::Rule",
                "Properties": {
                    "ScheduleExpression": "cron(0 3 * * ? *)",
                    "Targets": [{"Id": "1", "Arn": arn, "Input": "{}"}],
                },
            },
            "Failed": {
                "Type": "AWS::Events::Rule",
                "Properties": {"EventPattern": {"source": ["aws.states"]}, "Targets": [{"Id": "1", "Arn": arn}]},
            },
        }
    )
    greet = deployed.functions["Greet"].arn
    assert {(s.expression, s.target_arn, s.input, s.maximum_retries) for s in deployed.schedules} == {
        ("rate(15 minutes)", greet, None, 2),
        ("cron(0 3 * * ? *)", greet, "{}", 185),
    }
    (rule,) = deployed.rules
    assert (rule.pattern, rule.targets) == ({"source": ["aws.states"]}, ((greet, None),))
    assert client("scheduler").get_schedule(Name=deployed.references["Every"])["Target"]["Arn"] == greet
    assert json.loads(client("events").describe_rule(Name=rule.name)["EventPattern"]) == rule.pattern


def test_facts_give_the_references_that_aws_would_give(deploy: Deploy) -> None:
    deployed = deploy(
        {
            "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/a/b", "RetentionInDays": 7}},
            "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": "people"}},
            "Domain": {
                "Type": "AWS::Cognito::UserPoolDomain",
                "Properties": {"UserPoolId": {"Ref": "Pool"}, "Domain": "people-login"},
            },
        },
        Outputs={"Login": {"Value": {"Fn::Sub": "https://${Domain}.example.com"}}},
    )
    assert deployed.attributes["Log"]["Arn"] == "arn:aws:logs:us-east-1:123456789012:log-group:/a/b:*"
    assert deployed.references["Pool"] == "us-east-1_people"
    assert deployed.outputs == {"Login": "https://people-login.example.com"}


def test_a_resource_whose_condition_does_not_hold_is_left_out(deploy: Deploy) -> None:
    topic = {"Type": "AWS::SNS::Topic"}
    mail = {
        "Type": "AWS::SNS::Subscription",
        "Condition": "HasMail",
        "Properties": {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": {"Ref": "Mail"}},
    }
    rest: dict[str, Any] = {
        "Parameters": {"Mail": {"Type": "String", "Default": ""}},
        "Conditions": {"HasMail": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Mail"}, ""]}]}},
        "Outputs": {"Subscription": {"Condition": "HasMail", "Value": {"Ref": "Mail"}}},
    }
    without = deploy({"Topic": topic, "Mail": mail}, **rest)
    assert ("Mail" in without.references, without.outputs) == (False, {})
    with_mail = deploy({"Topic": topic, "Mail": mail}, parameters={"Mail": "a@example.com"}, **rest)
    assert "Mail" in with_mail.references
    assert with_mail.outputs == {"Subscription": "a@example.com"}


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        (
            {"F": function(Code={"S3Bucket": "local", "S3Key": "functions/none"})},
            r"Resources\.F\.Properties\.Code: the folder functions/none does not exist",
        ),
        ({"F": function(Code={"S3Bucket": "a-bucket", "S3Key": "x"})}, "only code that lies in the checkout"),
        (
            {"F": function(Environment={"Variables": {"D": "/opt/migrations"}})},
            r"Environment\.Variables\.D: none of the function's layers holds /opt/migrations",
        ),
        ({"F": function(Timeout="soon")}, "'soon' is not a whole number"),
        ({"F": function(Layers=["arn:aws:lambda:us-east-1:1:layer:other:1"])}, "is no layer of this template"),
        ({"M": machine()}, r"Resources\.M\.Properties\.DefinitionSubstitutions: the definition also wants Arn"),
        (
            {"S": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"StageName": "prod"}}},
            r"only \$default is supported",
        ),
        (
            {
                "S": {
                    "Type": "AWS::ApiGatewayV2::Stage",
                    "Properties": {"StageName": "$default", "DefaultRouteSettings": {"ThrottlingRateLimit": 1}},
                }
            },
            r"DefaultRouteSettings: has ThrottlingRateLimit; supported: ThrottlingRateLimit with ThrottlingBurstLimit",
        ),
        (
            {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "ab"}}},
            r"Resources\.B: AWS::S3::Bucket was refused: .*InvalidBucketName",
        ),
        (
            {"S": {"Type": "AWS::Scheduler::Schedule", "Properties": {}}},
            r"Resources\.S\.Properties\.Target: AWS::Scheduler::Schedule needs it",
        ),
        (
            {"B": {"Type": "AWS::S3::Bucket", "Properties": {"Colour": "red"}}},
            r"Resources\.B\.Properties\.Colour: is not supported",
        ),
        (
            {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Nope"}}}},
            r"Resources\.Q\.Properties\.QueueName: Ref to 'Nope'",
        ),
    ],
)
def test_what_cannot_be_created_is_named(deploy: Deploy, resources: Mapping[str, Any], message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        deploy({"Role": ROLE, **resources})
