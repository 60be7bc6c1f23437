"""What surrounds an attempt to read a part of an import: however it fails, it comes again, and whoever waits for the import learns of it."""

from datetime import timedelta
from typing import Final

from regulars.domain.collection.message import QueueMessage
from regulars.domain.errors import InfrastructureError, RegularsError
from regulars.ports import Clock, EventQueue, ImportStore
from regulars.usecases.ingest import read_ticket

TRIES: Final = 5
"""As many as the queue allows (template.yaml, maxReceiveCount): a quarter of an hour without a store."""

TRIES_OF_A_BUG: Final = 2
"""Nobody should wait longer for what will hardly go better."""

SOON_AFTER: Final = timedelta(seconds=30)

_WITHOUT_A_WORD: Final = "whoever read it ended without a word each time, out of time or of memory"


def take_up(message: QueueMessage, *, time_left: timedelta, imports: ImportStore, queue: EventQueue, clock: Clock) -> None:
    """Before the attempt: who is cut off can say nothing. The message comes again soon after the time is over (the queue by itself would keep it for
    half an hour), and before the last try the part is stopped; if that one succeeds, the part is read all the same.

    Raises what `read_ticket` and ImportStore raise.
    """
    queue.give_back({message.receipt: time_left + SOON_AFTER})
    if message.receives >= TRIES:
        _stop(message, _WITHOUT_A_WORD, imports, clock)


def put_off(message: QueueMessage, error: Exception, *, imports: ImportStore, queue: EventQueue, clock: Clock) -> None:
    """After one that failed: the message comes again soon. From the last try that can be hoped for the part is stopped, and its import has failed;
    what comes later all the same (the queue's other tries, what is brought back from the dead letters, the same import again) goes on with it.

    Raises what `read_ticket` and ImportStore raise.
    """
    queue.give_back({message.receipt: message.comes_again_after})
    if message.receives >= (TRIES if isinstance(error, InfrastructureError) else TRIES_OF_A_BUG):
        what = str(error) if isinstance(error, RegularsError) else f"{type(error).__name__}: {error}"
        _stop(message, what[:300], imports, clock)


def _stop(message: QueueMessage, why: str, imports: ImportStore, clock: Clock) -> None:
    stored = imports.part(*read_ticket(message.body))
    if not stored.value.is_over:
        imports.put_part(stored.value.stopped(clock.now(), error=why), expected=stored.version)
