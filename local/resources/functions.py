"""Lambda functions, their layers, event sources and what happens to asynchronous failures.

moto keeps a record of each function, for whoever lists them; the code is run by `local.runtime` from the folder where it lies.
"""

import io
import zipfile
from itertools import count
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from local.iam import services
from local.resources.model import AsyncInvokeConfig, Function, QueueMapping
from local.resources.site import Existing, Resource, Site, arn
from local.template.intrinsics import Values, as_text
from local.template.translate import local_path

_LAYER_ROOT = "/opt/"


def layer_version(resource: Resource, site: Site) -> Values:
    """The next version of its name: SAM gives another content another logical id, so that there may be two for a while."""
    path = _folder(resource, site, "Content")
    layer = arn("lambda", f"layer:{site.name(resource, 'LayerName')}")
    made = next(version for version in (f"{layer}:{number}" for number in count(1)) if version not in site.layers)
    site.layers[made] = path
    return Values(made, {"LayerVersionArn": made})


def delete_layer_version(existing: Existing, site: Site) -> None:
    site.layers.pop(existing.values.reference, None)


def function(resource: Resource, site: Site) -> Values:
    made = _described(resource, site)
    _record_in_moto(resource, site, made)
    site.deployed.functions[resource.logical_id] = made
    return Values(made.name, {"Arn": made.arn})


def update_function(resource: Resource, existing: Existing, site: Site) -> Values:
    made = _described(resource, site)
    site.client("lambda").update_function_configuration(
        FunctionName=made.name,
        Handler=made.handler,
        Timeout=made.timeout,
        MemorySize=made.memory,
        Environment={"Variables": dict(made.environment)},
    )
    site.deployed.functions[resource.logical_id] = made
    return existing.values


def _described(resource: Resource, site: Site) -> Function:
    name = site.name(resource, "FunctionName")
    layers = tuple(_layer(resource, site, layer) for layer in resource.properties.get("Layers", []))
    variables = resource.properties.get("Environment", {}).get("Variables", {})
    reserved = resource.properties.get("ReservedConcurrentExecutions")
    made = Function(
        logical_id=resource.logical_id,
        name=name,
        arn=arn("lambda", f"function:{name}"),
        handler=str(resource.required("Handler")),
        code=_folder(resource, site, "Code"),
        layers=layers,
        timeout=resource.integer("Timeout", 3),
        memory=resource.integer("MemorySize", 128),
        environment={key: _environment_value(resource, key, as_text(value), layers) for key, value in variables.items()},
        reserved_concurrency=None if reserved is None else int(reserved),
        log_group=str(resource.properties.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{name}"),
        role=str(resource.properties.get("Role", "")),
    )
    site.require(made.role, name, *services.function_log(_log_group(resource, name)))
    return made


def event_source_mapping(resource: Resource, site: Site) -> Values:
    source = str(resource.required("EventSourceArn"))
    if source.split(":")[2] != "sqs":
        raise resource.error("EventSourceArn", f"{source} is no SQS queue; no other source is supported")
    identity = str(uuid5(NAMESPACE_URL, f"{site.stack}-{resource.logical_id}"))
    made = _queue_mapping(resource, site, source, identity)
    function = site.deployed.function(made.function_arn)
    site.require(function.role, function.name, *services.queue_poller(source))
    site.deployed.queue_mappings.append(made)
    return Values(identity)


def event_invoke_config(resource: Resource, site: Site) -> Values:
    if resource.properties.get("Qualifier", "$LATEST") != "$LATEST":
        raise resource.error("Qualifier", "only $LATEST is supported")
    destination = resource.properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    function = site.deployed.function(_function_arn(resource, site))
    if destination:
        site.require(function.role, function.name, *services.failure_destination(destination))
    site.deployed.async_invokes.append(
        AsyncInvokeConfig(
            function_arn=function.arn,
            maximum_retries=resource.integer("MaximumRetryAttempts", 2),
            on_failure_arn=destination,
            logical_id=resource.logical_id,
        )
    )
    return Values(f"{site.stack}-{resource.logical_id}")


def _queue_mapping(resource: Resource, site: Site, source: str, identity: str) -> QueueMapping:
    maximum = resource.properties.get("ScalingConfig", {}).get("MaximumConcurrency")
    return QueueMapping(
        logical_id=resource.logical_id,
        queue_arn=source,
        function_arn=_function_arn(resource, site),
        batch_size=resource.integer("BatchSize", 10),
        window=resource.integer("MaximumBatchingWindowInSeconds", 0),
        report_failures="ReportBatchItemFailures" in resource.properties.get("FunctionResponseTypes", []),
        maximum_concurrency=None if maximum is None else int(maximum),
        enabled=as_text(resource.properties.get("Enabled", True)) == "true",
        uuid=identity,
    )


def _function_arn(resource: Resource, site: Site) -> str:
    try:
        return site.deployed.function(str(resource.required("FunctionName"))).arn
    except KeyError as error:
        raise resource.error("FunctionName", str(error.args[0])) from error


def _log_group(resource: Resource, name: str) -> str:
    """The ARN of the group that it logs to."""
    group = resource.properties.get("LoggingConfig", {}).get("LogGroup", f"/aws/lambda/{name}")
    return arn("logs", f"log-group:{group}")


def _folder(resource: Resource, site: Site, name: str) -> Path:
    place = resource.required(name)
    path = local_path(place.get("S3Bucket"), place.get("S3Key"))
    if path is None:
        raise resource.error(name, "only code that lies in the checkout can be run here")
    return site.folder(resource, name, path)


def _layer(resource: Resource, site: Site, layer_arn: str) -> Path:
    if layer_arn not in site.layers:
        raise resource.error("Layers", f"{layer_arn} is no layer of this template")
    return site.layers[layer_arn]


def _environment_value(resource: Resource, key: str, value: str, layers: tuple[Path, ...]) -> str:
    """Lambda unpacks layers below /opt; here they stay folders of the checkout, and the value says which."""
    if not value.startswith(_LAYER_ROOT):
        return value
    wanted = value.removeprefix(_LAYER_ROOT)
    for layer in reversed(layers):  # a later layer overwrites the files of an earlier one
        if (layer / wanted).exists():
            return str(layer / wanted)
    raise resource.error(f"Environment.Variables.{key}", f"none of the function's layers holds {value}")


def _record_in_moto(resource: Resource, site: Site, made: Function) -> None:
    request: dict[str, Any] = resource.some("Description", "Runtime", "Role", "Architectures")
    site.client("lambda").create_function(
        FunctionName=made.name,
        Handler=made.handler,
        Timeout=made.timeout,
        MemorySize=made.memory,
        Environment={"Variables": dict(made.environment)},
        Code={"ZipFile": _placeholder_code()},
        **request,
    )


def _placeholder_code() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("README", "The code of this function is run from the checkout.")
    return archive.getvalue()
