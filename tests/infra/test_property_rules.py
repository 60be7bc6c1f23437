"""What AWS's documentation says of properties and cfn-lint does not check: each rule with its page.

The template is read as CloudFormation evaluates it, with the longest Stage that it takes; what only a deploy makes up stands as its logical id.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from local.template.translate import local_path
from regulars.observability import NAMESPACE, MetricCounts
from tests.infra.conftest import ROOT, STAGE

ACCOUNT_QUOTA = {"rate": 10_000, "burst": 5_000}


# ------------------------------------------------------------------------------------------------------------------------------ the API


def test_an_access_log_has_the_requests_id(of_type: Any) -> None:
    """API Gateway refuses the stage otherwise: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html"""
    for stage in of_type("AWS::ApiGatewayV2::Stage").values():
        assert re.search(r"\$context\.(requestId|extendedRequestId)", stage["AccessLogSettings"]["Format"])
        assert json.loads(stage["AccessLogSettings"]["Format"])


def test_the_stage_has_a_brake_below_what_the_account_has(of_type: Any, cloudformation: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html"""
    parameters = cloudformation["Parameters"]
    assert parameters["RequestsPerSecond"]["MaxValue"] <= ACCOUNT_QUOTA["rate"]
    assert parameters["RequestsAtOnce"]["MaxValue"] <= ACCOUNT_QUOTA["burst"]
    for stage in of_type("AWS::ApiGatewayV2::Stage").values():
        assert set(stage["DefaultRouteSettings"]) == {"ThrottlingRateLimit", "ThrottlingBurstLimit"}


def test_settings_of_routes_are_of_routes_that_there_are_and_are_numbers(of_type: Any) -> None:
    """API Gateway finds no other key, and CloudFormation passes JSON on as it is, a parameter as text:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-stage.html
    """
    (api,) = of_type("AWS::ApiGatewayV2::Api").values()
    known = {f"{method.upper()} {path}" for path, methods in api["Body"]["paths"].items() for method in methods}
    for stage in of_type("AWS::ApiGatewayV2::Stage").values():
        assert set(stage["RouteSettings"]) <= known
        assert all(isinstance(limit, int) for settings in stage["RouteSettings"].values() for limit in settings.values())


def test_an_integration_waits_as_long_as_its_function_may_take(of_type: Any) -> None:
    """30 s at most (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html); after less the client would be told
    503 while the function goes on.
    """
    functions = of_type("AWS::Lambda::Function")
    (api,) = of_type("AWS::ApiGatewayV2::Api").values()
    for methods in api["Body"]["paths"].values():
        for operation in methods.values():
            integration = operation["x-amazon-apigateway-integration"]
            (function,) = (each for name, each in functions.items() if f":{name}/" in integration["uri"])
            assert function.get("Timeout", 3) * 1000 <= integration.get("timeoutInMillis", 30_000) <= 30_000


def test_the_api_keeps_within_its_quotas(of_type: Any) -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html: 300 routes, 10 scopes a route, 50 audiences."""
    (api,) = of_type("AWS::ApiGatewayV2::Api").values()
    operations = [operation for methods in api["Body"]["paths"].values() for operation in methods.values()]
    assert len(operations) <= 300
    assert all(len(scopes) <= 10 for operation in operations for entry in operation.get("security", []) for scopes in entry.values())
    for scheme in api["Body"]["components"]["securitySchemes"].values():
        assert len(scheme["x-amazon-apigateway-authorizer"]["jwtConfiguration"]["audience"]) <= 50


# -------------------------------------------------------------------------------------------------------------------------- functions


def test_a_queue_hides_a_batch_for_six_times_as_long_as_its_consumer_may_take(of_type: Any) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
    queues, functions = of_type("AWS::SQS::Queue"), of_type("AWS::Lambda::Function")
    for mapping in of_type("AWS::Lambda::EventSourceMapping").values():
        (hidden,) = (int(queue["VisibilityTimeout"]) for name, queue in queues.items() if mapping["EventSourceArn"].endswith(f":{name}"))
        timeout = int(functions[mapping["FunctionName"]]["Timeout"])
        assert hidden >= 6 * timeout
        assert hidden >= timeout + int(mapping.get("MaximumBatchingWindowInSeconds", 0))


def test_a_large_batch_has_a_window(of_type: Any) -> None:
    """More than 10 need a second at least: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html"""
    for mapping in of_type("AWS::Lambda::EventSourceMapping").values():
        assert int(mapping["BatchSize"]) <= 10 or 1 <= int(mapping["MaximumBatchingWindowInSeconds"]) <= 300
        assert int(mapping["BatchSize"]) <= 10_000
        assert 2 <= int(mapping["ScalingConfig"]["MaximumConcurrency"]) <= 1_000


def test_a_dead_letter_lives_as_long_as_a_letter_and_is_not_made_of_a_few_throttled_tries(of_type: Any) -> None:
    """A dead letter keeps its age: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html;
    five tries: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """
    queues = of_type("AWS::SQS::Queue")
    for queue in queues.values():
        if "RedrivePolicy" in queue:
            (dead,) = (each for name, each in queues.items() if queue["RedrivePolicy"]["deadLetterTargetArn"].endswith(f":{name}"))
            assert dead["MessageRetentionPeriod"] >= queue["MessageRetentionPeriod"]
            assert int(queue["RedrivePolicy"]["maxReceiveCount"]) >= 5


STACK_NAME = 32
"""Characters of a stack's name that we reckon with; CloudFormation puts 14 more to a logical id in what it names itself
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html)."""

ADDRESS = 60
"""What stands before the name in an ARN or in the URL of a queue."""


def test_a_function_keeps_within_lambdas_quotas(of_type: Any, resources: dict[str, Any]) -> None:
    """4 KB of environment, 5 layers, 15 minutes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; a description of 256
    characters: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html. Logical ids count as long as the names that are made of them,
    or that the template gives instead.
    """
    given = {name: resource.get("Properties", {}).get("Name") for name, resource in resources.items()}
    named = {name: each["Fn::Sub"].replace("${Stage}", STAGE) for name, each in given.items() if isinstance(each, dict)}
    addressed = {name for name, resource in resources.items() if resource["Type"] in ("AWS::SQS::Queue", "AWS::StepFunctions::StateMachine")}

    def made(name: str) -> int:
        """Of a name that the template gives, or CloudFormation."""
        return len(named[name]) if name in named else STACK_NAME + 14

    def size(value: object) -> int:
        words = re.findall(r"\w+", str(value))
        made_up = sum(made(word) + ADDRESS * (word in addressed) for word in words if word in resources)
        return len(str(value).encode()) + made_up

    for name, function in of_type("AWS::Lambda::Function").items():
        variables = function["Environment"]["Variables"]
        assert sum(len(key) + size(value) for key, value in variables.items()) <= 4096, name
        assert len(function["Layers"]) <= 5
        assert len(function["Description"]) <= 256
        assert int(function["Timeout"]) <= 900


def test_asynchronous_calls_are_configured_within_bounds(of_type: Any) -> None:
    """https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html"""
    for config in of_type("AWS::Lambda::EventInvokeConfig").values():
        assert 0 <= config.get("MaximumRetryAttempts", 2) <= 2
        assert 60 <= config.get("MaximumEventAgeInSeconds", 60) <= 21_600


def test_cloudformation_waits_longer_than_the_function_of_a_custom_resource_can_take(of_type: Any, evaluated: dict[str, dict[str, Any]]) -> None:
    """An hour at most: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html; the
    call is asynchronous, so that it may wait for its age, and must not come again after that: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """
    (schema,) = of_type("Custom::Schema").values()
    function = schema["ServiceToken"].rsplit(":", 1)[1]
    (asynchronous,) = (each for each in of_type("AWS::Lambda::EventInvokeConfig").values() if each["FunctionName"] == function)
    assert evaluated[function]["Timeout"] + asynchronous["MaximumEventAgeInSeconds"] < int(schema["ServiceTimeout"]) <= 3600
    assert asynchronous["MaximumRetryAttempts"] == 0


# ---------------------------------------------------------------------------------------------------------------------- state machines


def test_a_state_machine_logs_where_no_policy_can_outgrow_its_limit_and_may(resources: dict[str, Any], of_type: Any) -> None:
    """https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html (the prefix) and https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"""
    needed = {"CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries", "PutResourcePolicy"}
    groups, roles = of_type("AWS::Logs::LogGroup"), of_type("AWS::IAM::Role")
    for name, machine in of_type("AWS::StepFunctions::StateMachine").items():
        for destination in machine["LoggingConfiguration"]["Destinations"]:
            group = destination["CloudWatchLogsLogGroup"]["LogGroupArn"].rsplit(":", 1)[1]
            assert groups[group]["LogGroupName"].startswith("/aws/vendedlogs/")
        role = resources[name]["Properties"]["RoleArn"]["Fn::GetAtt"][0]
        granted = {action for statement in statements(roles[role]) for action in statement["Action"] if statement["Resource"] == "*"}
        assert {f"logs:{action}" for action in (*needed, "DescribeResourcePolicies", "DescribeLogGroups")} <= granted
        assert roles[role]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": ["states.amazonaws.com"]}


def statements(role: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for policy in role.get("Policies", []):
        yield from policy["PolicyDocument"]["Statement"]


def test_a_definition_is_smaller_than_a_megabyte(of_type: Any) -> None:
    """https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""
    for machine in of_type("AWS::StepFunctions::StateMachine").values():
        place = machine["DefinitionS3Location"]
        assert (ROOT / str(local_path(place["Bucket"], place["Key"]))).stat().st_size + 10_000 < 1_048_576


# --------------------------------------------------------------------------------------------------------------------------- schedules


def test_a_schedules_role_trusts_the_scheduler_and_may_call_its_target(resources: dict[str, Any], of_type: Any) -> None:
    """https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html"""
    roles = of_type("AWS::IAM::Role")
    for name, schedule in of_type("AWS::Scheduler::Schedule").items():
        role = roles[resources[name]["Properties"]["Target"]["RoleArn"]["Fn::GetAtt"][0]]
        assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": ["scheduler.amazonaws.com"]}
        assert schedule["Target"]["Arn"] in {statement["Resource"] for statement in statements(role)}
        assert 60 <= schedule["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 86_400


# ----------------------------------------------------------------------------------------------------------------------------- watching

AWS_METRICS = {
    "AWS/ApiGateway": ({"4xx", "5xx", "Count", "IntegrationLatency", "Latency"}, {"ApiId"}),
    "AWS/Lambda": ({"Errors", "Throttles", "Invocations", "Duration", "ConcurrentExecutions"}, {"FunctionName"}),
    "AWS/SQS": ({"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"}, {"QueueName"}),
    "AWS/States": ({"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted", "ExecutionThrottled"}, {"StateMachineArn"}),
}
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html,
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html"""


def test_an_alarm_watches_a_metric_that_somebody_writes(of_type: Any) -> None:
    """One of nobody's is silent for ever."""
    known = {**AWS_METRICS, NAMESPACE: (set(MetricCounts.__annotations__), {"service"})}
    for name, alarm in of_type("AWS::CloudWatch::Alarm").items():
        metrics, dimensions = known[alarm["Namespace"]]
        assert alarm["MetricName"] in metrics, name
        assert {dimension["Name"] for dimension in alarm["Dimensions"]} == dimensions, name


def test_an_alarm_looks_back_a_day_at_most(of_type: Any) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["Period"] in (10, 30) or alarm["Period"] % 60 == 0
        assert alarm["Period"] * alarm["EvaluationPeriods"] <= 86_400
        assert len(alarm["AlarmDescription"]) <= 1024


def test_logs_can_be_kept_as_long_as_anybody_may_ask_for(cloudformation: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""
    known = {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
    assert set(cloudformation["Parameters"]["LogRetentionDays"]["AllowedValues"]) <= known


# ------------------------------------------------------------------------------------------------------------------- names and documents

NAMES = {
    "AWS::Athena::WorkGroup": ("Name", r"[a-zA-Z0-9._-]{1,128}"),
    "AWS::Cognito::UserPool": ("UserPoolName", r"[\w\s+=,.@-]{1,128}"),
    "AWS::Cognito::UserPoolClient": ("ClientName", r"[\w\s+=,.@-]{1,128}"),
    "AWS::Cognito::UserPoolDomain": ("Domain", r"(?!.*(aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"),
    "AWS::Lambda::LayerVersion": ("LayerName", r"[a-zA-Z0-9_-]{1,64}"),
    "AWS::Logs::LogGroup": ("LogGroupName", r"[.\-_/#A-Za-z0-9]{1,512}"),
    "AWS::Scheduler::Schedule": ("Name", r"[0-9a-zA-Z._-]{1,64}"),
    "AWS::StepFunctions::StateMachine": ("StateMachineName", r"[0-9A-Za-z_-]{1,80}"),
}
"""What each service takes, from the API reference of its Create operation; of a state machine, what can also be logged:
https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html. Sign-in domains:
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html"""


@pytest.mark.parametrize("kind", NAMES)
def test_names_fit_with_the_longest_stage(kind: str, of_type: Any) -> None:
    property_name, pattern = NAMES[kind]
    for name, properties in of_type(kind).items():
        if property_name in properties:
            assert STAGE in properties[property_name], name
            assert re.fullmatch(pattern, properties[property_name]), name


def test_a_database_can_be_named_in_sql_without_quotes(of_type: Any) -> None:
    """https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html"""
    for database in of_type("AWS::Glue::Database").values():
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,254}", database["DatabaseInput"]["Name"])


@pytest.mark.parametrize("stage", ["prod", "a1", STAGE])
def test_a_stage_is_short_and_lower_case(stage: str, cloudformation: dict[str, Any]) -> None:
    assert re.fullmatch(cloudformation["Parameters"]["Stage"]["AllowedPattern"], stage)


@pytest.mark.parametrize("stage", ["myaws", "amazonia", "cognito", "Prod", "1a", "a", "a-b", STAGE + "s"])
def test_a_stage_that_some_service_would_refuse_is_refused_at_once(stage: str, cloudformation: dict[str, Any]) -> None:
    assert not re.fullmatch(cloudformation["Parameters"]["Stage"]["AllowedPattern"], stage)


def test_policies_are_as_long_as_iam_takes(of_type: Any) -> None:
    """Without white space: 6,144 characters a managed policy, 10,240 in all of a role's own, 10 managed ones a role:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    for name, policy in of_type("AWS::IAM::ManagedPolicy").items():
        assert len(json.dumps(policy["PolicyDocument"], separators=(",", ":"))) + 40 * len(policy["PolicyDocument"]["Statement"]) <= 6_144, name
        assert len(policy["Description"]) <= 1_000
    for name, role in of_type("AWS::IAM::Role").items():
        documents = [policy["PolicyDocument"] for policy in role.get("Policies", [])]
        assert len(json.dumps(documents, separators=(",", ":"))) + 40 * sum(len(each["Statement"]) for each in documents) <= 10_240, name
        assert len(role.get("ManagedPolicyArns", [])) <= 10


def test_the_template_is_one_that_cloudformation_takes(cloudformation: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""
    assert len(json.dumps(cloudformation)) <= 1_000_000
    assert len(cloudformation["Resources"]) <= 500
    assert len(cloudformation["Parameters"]) <= 200
    assert len(cloudformation["Outputs"]) <= 200
    assert all(len(output["Description"]) <= 1024 for output in cloudformation["Outputs"].values())


def test_token_lifetimes_are_ones_that_cognito_takes(of_type: Any) -> None:
    """https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html and
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
    """
    hours = {"hours": 1, "days": 24}
    for client in of_type("AWS::Cognito::UserPoolClient").values():
        for token in ("AccessToken", "IdToken"):
            if f"{token}Validity" in client:
                assert 0 < client[f"{token}Validity"] * hours[client["TokenValidityUnits"][token]] <= 24
        assert 0 <= client.get("RefreshTokenRotation", {}).get("RetryGracePeriodSeconds", 0) <= 60
        assert client["AllowedOAuthFlows"] == ["client_credentials"] or client["CallbackURLs"]
        assert client["GenerateSecret"] or "client_credentials" not in client["AllowedOAuthFlows"]
