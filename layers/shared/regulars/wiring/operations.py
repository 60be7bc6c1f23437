"""What operators look at, and the console."""

from collections.abc import Mapping
from typing import Any

from regulars import ports
from regulars.wiring.collection import event_queue, import_queue
from regulars.wiring.installed import port


def logs() -> ports.LogReader:
    from regulars.adapters.cloudwatch_logs import CloudWatchLogs

    return port("logs", lambda c: CloudWatchLogs(c.log_groups))


def alarms() -> ports.AlarmReader:
    from regulars.adapters.cloudwatch_alarms import CloudWatchAlarms

    return port("alarms", lambda c: CloudWatchAlarms(c.alarm_prefix))


def dead_letters() -> Mapping[str, ports.DeadLetterQueue]:
    from regulars.adapters.sqs_dead_letters import SqsDeadLetters

    return port("dead_letters", lambda c: {name: SqsDeadLetters(url) for name, url in c.dead_letter_queues.items()})


def origins() -> Mapping[str, ports.EventQueue]:
    """Where the dead letters go back to that go back."""
    from regulars.adapters.sqs_journey_queue import SqsJourneyLetters

    journeys_again = port("journey_letters", lambda c: SqsJourneyLetters(c.journey_queue_url))
    return {"events": event_queue(), "imports": import_queue(), "journeys": journeys_again}


def queue_ages() -> ports.QueueAges:
    """Of the queues that dead letters go back to."""
    from regulars.adapters.cloudwatch_queue_ages import CloudWatchQueueAges

    return port("queue_ages", lambda c: CloudWatchQueueAges({"events": c.queue_url, "imports": c.import_queue_url, "journeys": c.journey_queue_url}))


def console_files() -> Mapping[str, bytes]:
    from regulars.adapters.console_files import ConsoleFiles

    return port("console_files", lambda c: ConsoleFiles(c.console_dir))


def answer_cloudformation(event: Mapping[str, Any], *, succeeded: bool, reason: str, data: Mapping[str, str]) -> None:
    from regulars.adapters.cloudformation import answer

    answer(event, succeeded=succeeded, reason=reason, data=data)
