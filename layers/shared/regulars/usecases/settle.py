"""What is claimed and not recorded when nobody sends any more: its people may have got the push, and are `unknown` before anybody counts.

    what is left of a window      claimed by      so
    nothing: it is recorded       -               nothing to do
    all of it                     nobody          it was not begun, and no later one was: windows are claimed in their order
    what a part left over         nobody          nobody of it was sent to, but for those of no answer whom `resend` was to repeat;
                                                  later windows may have been begun with the part
    any of it                     a call          that call ended without a word: unknown, whatever `when_unsure` says

And the call that has the claim:

    was killed, or raised         never writes
    timed out in Lambda           never writes: 900 seconds are less than the 960 of its state, and than STRAGGLERS
    lost its connection to        may be alive, and ends its window: `record` has the last word over this, as over any call that
    Step Functions                gave it up; until then its people are counted as unknown, and not sent to again

What was not begun is held in our name, so that to settle again finds the same.
"""

from collections.abc import Iterator
from datetime import datetime

from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.shards import Shard
from regulars.domain.delivery.decision import passed_over
from regulars.domain.delivery.outcomes import Settled
from regulars.domain.delivery.recipients import Recipient, windows
from regulars.domain.reasons import INTERRUPTED
from regulars.ports import ClaimStore, Clock, ObjectStore, RunStore
from regulars.usecases.delivery_journal import Journal, Window
from regulars.usecases.run_shards import recipients, run_shards

HOLDER = "settle"


def settle(run_id: str, shard: int | None = None, *, runs: RunStore, claims: ClaimStore, lake: ObjectStore, clock: Clock) -> int:
    """Writes into the journal what is in doubt of a shard, or of the whole run, to which nobody sends any more; how many recipients are unknown now.

    Safe to repeat. Raises StoreUnavailableError, with what was found until then written.
    """
    run = runs.get(run_id).value
    if not run.manifest:
        return 0  # nobody sends before there are shards
    shards = run_shards(run, lake)
    chosen = shards.values() if shard is None else [shards[shard]]
    return sum(_settled(run, each, claims, lake, clock) for each in chosen)


def _settled(run: Run, shard: Shard, claims: ClaimStore, lake: ObjectStore, clock: Clock) -> int:
    journal = Journal(run_id=run.run_id, campaign_id=run.campaign.id, shard=shard.number, resend=False, holder=HOLDER, lake=lake, claims=claims)
    unknown = 0
    for window in _in_doubt(journal, recipients(shard, lake)):
        window.settled.extend(_fate(person, clock.now()) for person in window.left)
        journal.give_up(window)
        unknown += sum(settled.outcome == "unknown" for settled in window.settled)
    return unknown


def _in_doubt(journal: Journal, people: Iterator[Recipient]) -> Iterator[Window]:
    """Those that a call claimed and did not record."""
    for number, those in windows(people):
        if journal.is_done(number):
            continue
        window = journal.open(number, those)
        if journal.was_begun(window):
            yield window
        elif not window.part:
            return


def _fate(person: Recipient, now: datetime) -> Settled:
    """Whom the run was to send nothing, nothing was sent; of the others nobody knows."""
    reason = passed_over(person)
    return Settled(person, "skipped", reason, now) if reason else Settled(person, "unknown", INTERRUPTED, now)
