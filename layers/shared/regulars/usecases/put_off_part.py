"""After an attempt to read a part of an import that failed: it comes again, and whoever waits for the import learns of it."""

from typing import Final

from regulars.domain.collection.message import QueueMessage
from regulars.domain.errors import InfrastructureError, RegularsError
from regulars.ports import Clock, EventQueue, ImportStore
from regulars.usecases.ingest import read_ticket

TRIES: Final = 5
"""As many as the queue allows (template.yaml, maxReceiveCount): a quarter of an hour without a store."""

TRIES_OF_A_BUG: Final = 2
"""Nobody should wait longer for what will hardly go better."""


def put_off(message: QueueMessage, error: Exception, *, imports: ImportStore, queue: EventQueue, clock: Clock) -> None:
    """Gives the message back, so that it comes soon. From the last try that can be hoped for the part is stopped, and its import has failed; what
    comes later all the same (the queue's other tries, what is brought back from the dead letters, the same import again) goes on with it.

    Raises what `read_ticket` and ImportStore raise.
    """
    queue.give_back({message.receipt: message.comes_again_after})
    tries = TRIES if isinstance(error, InfrastructureError) else TRIES_OF_A_BUG
    if message.receives < tries:
        return
    stored = imports.part(*read_ticket(message.body))
    if stored.value.ended_at is None:
        imports.put_part(stored.value.stopped(clock.now(), error=_told(error)), expected=stored.version)


def _told(error: Exception) -> str:
    what = str(error) if isinstance(error, RegularsError) else f"{type(error).__name__}: {error}"
    return what[:300]
