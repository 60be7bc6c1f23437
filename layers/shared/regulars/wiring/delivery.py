"""Campaigns and their messages."""

from functools import lru_cache

from regulars import ports
from regulars.config import Config
from regulars.wiring.installed import port


def runs() -> ports.RunStore:
    from regulars.adapters.dynamo_runs import DynamoRuns

    return port("runs", lambda c: DynamoRuns(c.runs_table))


def claims() -> ports.ClaimStore:
    from regulars.adapters.dynamo_claims import DynamoClaims

    return port("claims", lambda c: DynamoClaims(c.claims_table))


def progress() -> ports.ProgressStore:
    from regulars.adapters.dynamo_progress import DynamoProgress

    return port("progress", lambda c: DynamoProgress(c.claims_table))


def campaign_runner() -> ports.CampaignRunner:
    from regulars.adapters.step_functions import StepFunctionsRunner

    return port("campaign_runner", lambda c: StepFunctionsRunner(c.campaign_state_machine))


def campaign_scheduler() -> ports.CampaignScheduler:
    from regulars.adapters.eventbridge_scheduler import EventBridgeScheduler

    return port("campaign_scheduler", lambda c: EventBridgeScheduler(**c.schedules))


def preflight_trigger() -> ports.PreflightTrigger:
    from regulars.adapters.lambda_trigger import LambdaPreflightTrigger

    return port("preflight_trigger", lambda c: LambdaPreflightTrigger(c.preflight_function))


def message_checks() -> ports.MessageChecks:
    from regulars.adapters.lambda_message_checks import LambdaMessageChecks

    return port("message_checks", lambda c: LambdaMessageChecks(c.check_message_function))


def topic_changes() -> ports.TopicChanges:
    from regulars.adapters.lambda_message_checks import LambdaTopicChanges

    return port("topic_changes", lambda c: LambdaTopicChanges(c.check_message_function))


def fcm_admin() -> ports.FcmAdmin:
    from regulars.adapters.secrets import secret_text

    return port("fcm_admin", lambda c: _fcm_admin(secret_text(c.fcm_secret), c.fcm_base_url, c.fcm_ca_bundle))


@lru_cache(maxsize=2)
def _fcm_admin(account: str, base_url: str, ca_bundle: str) -> ports.FcmAdmin:
    """Kept for as long as the secret says the same: a mended one is used at once."""
    from regulars.adapters.firebase import FirebaseFcmAdmin

    return FirebaseFcmAdmin.of_key(account, base_url=base_url, ca_bundle=ca_bundle)


def push_sender() -> ports.PushSender:
    from regulars.adapters.fcm_of_secret import FcmOfSecret

    def made(c: Config) -> FcmOfSecret:
        at = {"base_url": c.fcm_base_url, "ca_bundle": c.fcm_ca_bundle, "rate_table": c.state_table}
        return FcmOfSecret(c.fcm_secret, limit=c.pushes_per_second, believed=c.fcm_key_believed, **at)

    return port("push_sender", made)
