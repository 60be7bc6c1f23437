"""What marketers define, and who it comes to."""

from regulars import ports
from regulars.wiring.installed import port


def definitions() -> ports.DefinitionStore:
    from regulars.adapters.dynamo_definitions import DynamoDefinitions

    return port("definitions", lambda c: DynamoDefinitions(c.definitions_table))


def evaluations() -> ports.EvaluationStore:
    from regulars.adapters.dynamo_evaluations import DynamoEvaluations

    return port("evaluations", lambda c: DynamoEvaluations(c.evaluations_table))


def refreshes() -> ports.RefreshStore:
    from regulars.adapters.dynamo_refreshes import DynamoRefreshes

    return port("refreshes", lambda c: DynamoRefreshes(c.state_table))


def refresh_trigger() -> ports.RefreshTrigger:
    from regulars.adapters.lambda_trigger import LambdaRefreshTrigger

    return port("refresh_trigger", lambda c: LambdaRefreshTrigger(c.refresh_function))
