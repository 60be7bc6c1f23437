"""An item of content was published: brings it to whom it is for, a journey and then a page of people at a time."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.content.announcement import announcement_of
from regulars.observability import count, logger
from regulars.usecases.announce import announce

log = logger("announce")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    announcement = announcement_of(event)
    announced = announce(
        announcement,
        books=wiring.live_journeys()().books,
        time_left=lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()),
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        queue=wiring.journey_queue(),
        trigger=wiring.announce_trigger(),
    )
    told = asdict(announced)
    log.info("announced", extra={"item": announcement.id, **told})
    count("announce", PeopleAnnouncedTo=announced.people, AnnouncementsRefused=int(bool(announced.refused)))
    return told
