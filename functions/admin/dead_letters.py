"""Dead letters: what was tried until nobody tried any more, and the ways out: back, or away."""

from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring
from regulars.observability import logger

from .access import READ, WRITE, author
from .answers import DeadLetterQueues, LettersLook, LettersMoved
from .requests import Request

router = APIGatewayHttpRouter()
log = logger("admin")

Ids = Annotated[tuple[str, ...], Field(min_length=1, max_length=100)]


class RetryRequest(Request):
    """Which letters, by the ids that a look told; all that there are, where it is absent."""

    ids: Ids | None = None


class ForgetRequest(Request):
    """Which letters, by the ids that a look told."""

    ids: Ids


@router.get("/admin/dead-letters", summary="The dead-letter queues: what each is for, and how many letters lie there", security=READ)
def list_queues() -> DeadLetterQueues:
    from regulars.usecases.list_dead_letters import list_dead_letters

    return list_dead_letters(queues=wiring.dead_letters(), origins=wiring.origins(), ages=wiring.queue_ages(), clock=wiring.clock())


@router.get("/admin/dead-letters/<queue>", summary="The oldest letters of a queue by their ids, why they lie there, and what to do", security=READ)
def look(queue: str) -> LettersLook:
    from regulars.usecases.list_dead_letters import look_at_dead_letters

    return look_at_dead_letters(queue, queues=wiring.dead_letters(), imports=wiring.imports())


@router.post("/admin/dead-letters/<queue>/retries", summary="Send letters back to where they came from", security=WRITE)
def retry(queue: str, request: RetryRequest) -> LettersMoved:
    from regulars.usecases.move_dead_letters import retry_dead_letters

    moved = retry_dead_letters(queue, request.ids, queues=wiring.dead_letters(), origins=wiring.origins(), clock=wiring.clock())
    log.info("dead letters retried", queue=queue, ids=request.ids or "all", letters=moved.letters, by=author(router))
    return moved


@router.post("/admin/dead-letters/<queue>/removals", summary="Forget letters, for good", security=WRITE)
def forget(queue: str, request: ForgetRequest) -> LettersMoved:
    from regulars.usecases.move_dead_letters import forget_dead_letters

    moved = forget_dead_letters(queue, request.ids, queues=wiring.dead_letters(), clock=wiring.clock())
    log.info("dead letters forgotten", queue=queue, ids=request.ids, letters=moved.letters, by=author(router))
    return moved
