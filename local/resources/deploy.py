"""Deploys a translated template: checks that all of it is supported, then creates one resource after the other."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from local.iam.authority import Authority
from local.iam.requests import AccessDeniedError, UnknownCallError
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
)
from local.resources.model import Deployed
from local.resources.site import ACCOUNT, REGION, Creator, Invoke, Resource, Site, arn
from local.resources.support import check_support, table_key
from local.resources.supported import SUPPORTED
from local.template.errors import TemplateError
from local.template.graph import creation_order
from local.template.intrinsics import Evaluator, Values
from local.template.parameters import resolve_parameters

CREATORS: Final[Mapping[str, Creator]] = {
    **facts.FACTS,
    **iam.POLICIES,
    "AWS::ApiGatewayV2::Api": http_api.api,
    "AWS::ApiGatewayV2::Stage": http_api.stage,
    "AWS::Athena::WorkGroup": athena.work_group,
    "AWS::CloudFormation::CustomResource": custom.custom_resource,
    "AWS::Cognito::UserPoolClient": cognito.user_pool_client,
    "AWS::DynamoDB::Table": dynamodb.table,
    "AWS::Events::Rule": events.rule,
    "AWS::Glue::Database": athena.database,
    "AWS::IAM::Role": iam.role,
    "AWS::Lambda::EventInvokeConfig": functions.event_invoke_config,
    "AWS::Lambda::EventSourceMapping": functions.event_source_mapping,
    "AWS::Lambda::Function": functions.function,
    "AWS::Lambda::LayerVersion": functions.layer_version,
    "AWS::S3::Bucket": s3.bucket,
    "AWS::SNS::Subscription": events.subscription,
    "AWS::SNS::Topic": events.topic,
    "AWS::SQS::Queue": sqs.queue,
    "AWS::Scheduler::Schedule": events.schedule,
    "AWS::Scheduler::ScheduleGroup": events.schedule_group,
    "AWS::SecretsManager::Secret": secrets.secret,
    "AWS::StepFunctions::StateMachine": step_functions.state_machine,
}


def deploy(
    template: Mapping[str, Any],
    *,
    checkout: Path,
    stack: str,
    parameters: Mapping[str, str],
    invoke: Invoke,
    deployed: Deployed | None = None,
    created: Callable[[str], None] = lambda logical_id: None,
    authority: Authority | None = None,
) -> Deployed:
    """Create every resource of `template` (CloudFormation, see `local.template.translate`) in the active moto.

    `checkout` is where its local paths start. `deployed` is filled while the work goes on, so that `invoke`, which runs the
    functions of custom resources, can know the functions made so far. `created` is told each logical id. `authority` gets
    the template's policies, and judges what services will do with its roles.

    Raises TemplateError before anything is created for what is not supported, and later for what a service refuses.
    """
    resources = template["Resources"]
    check_support(resources, SUPPORTED)
    site = Site(checkout, stack, invoke, Deployed() if deployed is None else deployed, authority=authority)
    values: dict[str, Values] = {}
    evaluator = Evaluator(
        parameters={**_pseudo_parameters(stack), **resolve_parameters(template.get("Parameters", {}), parameters)},
        mappings=template.get("Mappings", {}),
        conditions=template.get("Conditions", {}),
        resources=values,
    )
    for logical_id in creation_order(resources, _active(resources, evaluator)):
        declared = resources[logical_id]
        properties = evaluator.evaluate(declared.get("Properties", {}), f"Resources.{logical_id}.Properties")
        values[logical_id] = _create(Resource(logical_id, declared["Type"], properties), site)
        site.deployed.references[logical_id] = values[logical_id].reference
        site.deployed.attributes[logical_id] = dict(values[logical_id].attributes)
        created(logical_id)
    site.deployed.outputs.update(_outputs(template.get("Outputs", {}), evaluator))
    return site.deployed


def _pseudo_parameters(stack: str) -> dict[str, Any]:
    return {
        "AWS::AccountId": ACCOUNT,
        "AWS::NotificationARNs": [],
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::StackId": arn("cloudformation", f"stack/{stack}/local"),
        "AWS::StackName": stack,
        "AWS::URLSuffix": "amazonaws.com",
    }


def _active(resources: Mapping[str, Any], evaluator: Evaluator) -> list[str]:
    """The resources whose Condition holds."""
    return [
        logical_id
        for logical_id, declared in resources.items()
        if "Condition" not in declared or evaluator.condition(declared["Condition"], f"Resources.{logical_id}.Condition")
    ]


def _create(resource: Resource, site: Site) -> Values:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return CREATORS[table_key(resource.type)](resource, site)
    except (AccessDeniedError, UnknownCallError) as error:
        raise TemplateError(f"Resources.{resource.logical_id}", str(error)) from error
    except (BotoCoreError, ClientError) as error:
        raise TemplateError(f"Resources.{resource.logical_id}", f"{resource.type} was refused: {error}") from error


def _outputs(declared: Mapping[str, Any], evaluator: Evaluator) -> dict[str, str]:
    return {
        name: str(evaluator.evaluate(output["Value"], f"Outputs.{name}.Value"))
        for name, output in declared.items()
        if "Condition" not in output or evaluator.condition(output["Condition"], f"Outputs.{name}.Condition")
    }
