"""EventBridge rules, Scheduler schedules and SNS topics: what calls something else. `local.runtime` does the calling."""

import json

from local.iam import services
from local.resources.model import Rule, Schedule
from local.resources.site import Existing, Resource, Site, arn
from local.template.intrinsics import Values, as_text


def schedule_group(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "Name")
    site.client("scheduler").create_schedule_group(Name=name)
    return Values(name, {"Arn": arn("scheduler", f"schedule-group/{name}")})


_SCHEDULE = ("Description", "FlexibleTimeWindow", "GroupName", "ScheduleExpression", "ScheduleExpressionTimezone", "State")


def schedule(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "Name")
    site.client("scheduler").create_schedule(Name=name, Target=resource.required("Target"), **resource.some(*_SCHEDULE))
    return _known(resource, site, name)


def update_schedule(resource: Resource, existing: Existing, site: Site) -> Values:
    name = existing.values.reference
    site.client("scheduler").update_schedule(Name=name, Target=resource.required("Target"), **resource.some(*_SCHEDULE))
    return _known(resource, site, name)


def delete_schedule(existing: Existing, site: Site) -> None:
    site.client("scheduler").delete_schedule(Name=existing.values.reference, **existing.resource.some("GroupName"))


def _known(resource: Resource, site: Site, name: str) -> Values:
    """Tells the runtime, which does the calling."""
    target = resource.required("Target")
    retries = int(target.get("RetryPolicy", {}).get("MaximumRetryAttempts", 185))
    enabled = resource.properties.get("State", "ENABLED") == "ENABLED"
    dead_letter = target.get("DeadLetterConfig", {}).get("Arn")
    site.require(str(target.get("RoleArn", "")), name, *services.schedule_target(str(target["Arn"]), dead_letter))
    site.deployed.schedules.append(
        Schedule(
            logical_id=resource.logical_id,
            name=name,
            expression=str(resource.required("ScheduleExpression")),
            target_arn=str(target["Arn"]),
            timezone=str(resource.properties.get("ScheduleExpressionTimezone", "UTC")),
            input=target.get("Input"),
            enabled=enabled,
            maximum_retries=retries,
            dead_letter_arn=dead_letter,
        )
    )
    group = resource.properties.get("GroupName", "default")
    return Values(name, {"Arn": arn("scheduler", f"schedule/{group}/{name}")})


def rule(resource: Resource, site: Site) -> Values:
    """A rule with a pattern is matched by moto when events are put; one with a schedule becomes a schedule for each target."""
    name = site.name(resource, "Name")
    bus = str(resource.properties.get("EventBusName", "default"))
    targets = [(str(target["Arn"]), target.get("Input")) for target in resource.properties.get("Targets", [])]
    for target in resource.properties.get("Targets", []):
        if "RoleArn" in target:  # a function has a policy of its own instead, which says who may call it
            site.require(str(target["RoleArn"]), name, *services.schedule_target(str(target["Arn"]), None))
    enabled = resource.properties.get("State", "ENABLED") == "ENABLED"
    rule_arn = arn("events", f"rule/{name}" if bus == "default" else f"rule/{bus}/{name}")
    expression = resource.properties.get("ScheduleExpression")
    if expression:
        site.deployed.schedules += [
            Schedule(resource.logical_id, name, str(expression), target, input=constant, enabled=enabled) for target, constant in targets
        ]
        return Values(name, {"Arn": rule_arn})
    pattern = resource.required("EventPattern")
    client = site.client("events")
    client.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(pattern), State="ENABLED" if enabled else "DISABLED")
    client.put_targets(Rule=name, EventBusName=bus, Targets=resource.properties.get("Targets", []))
    site.deployed.rules.append(Rule(resource.logical_id, name, rule_arn, bus, pattern, tuple(targets), enabled))
    return Values(name, {"Arn": rule_arn})


def topic(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "TopicName")
    made = str(site.client("sns").create_topic(Name=name)["TopicArn"])
    return Values(made, {"TopicArn": made, "TopicName": name})


def subscription(resource: Resource, site: Site) -> Values:
    attributes = {key: as_text(value) for key, value in resource.some("RawMessageDelivery").items()}
    made = site.client("sns").subscribe(Attributes=attributes, ReturnSubscriptionArn=True, **resource.some("TopicArn", "Protocol", "Endpoint"))
    return Values(made["SubscriptionArn"])
