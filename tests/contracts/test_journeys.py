"""What every JourneyRegistry, JourneyStore, JourneyQueue and JourneyTimers does, real or fake."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from regulars.adapters import sqs_journey_queue
from regulars.adapters.dynamo_journey_registry import DynamoJourneyRegistry
from regulars.adapters.dynamo_journeys import DynamoJourneys
from regulars.adapters.sqs_journey_queue import SqsJourneyQueue, SqsJourneyTimers
from regulars.domain.errors import ConflictError, PayloadTooLargeError, QueueUnavailableError, StoreUnavailableError
from regulars.domain.journeys.ahead import Ahead
from regulars.domain.journeys.errand import Errand, Kept, PutOff
from regulars.domain.journeys.inputs import Again, Due, Trigger, input_of
from regulars.domain.journeys.registry import Registry
from regulars.domain.journeys.state import AFTER_ALL, Collected, Lapse, Moment, State
from regulars.ports import JourneyQueue, JourneyRegistry, JourneyStore, JourneyTimers, StateWrite, Waiting
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.clock import MovableClock
from tests.fakes.journeys import MemoryJourneyQueue, MemoryJourneyRegistry, MemoryJourneys, MemoryJourneyTimers

NOW = datetime(2026, 11, 21, 10, 0, 0, 7, tzinfo=UTC)


@pytest.fixture
def dynamo_registry(table: Tables) -> JourneyRegistry:
    return DynamoJourneyRegistry(table("JourneysTable"))


@pytest.fixture
def dynamo(table: Tables) -> JourneyStore:
    return DynamoJourneys(table("JourneysTable"))


@pytest.fixture
def sqs(aws: None) -> JourneyQueue:
    made = boto3.client("sqs").create_queue(QueueName="journeys.fifo", Attributes={"FifoQueue": "true"})
    return SqsJourneyQueue(made["QueueUrl"])


@pytest.fixture
def sqs_timers(aws: None) -> JourneyTimers:
    return SqsJourneyTimers(boto3.client("sqs").create_queue(QueueName="timers")["QueueUrl"], MovableClock(NOW))


registry = suite(JourneyRegistry, adapter="dynamo_registry", fake=MemoryJourneyRegistry)
store = suite(JourneyStore, adapter="dynamo", fake=MemoryJourneys)
queue = suite(JourneyQueue, adapter="sqs", fake=MemoryJourneyQueue)
timers = suite(JourneyTimers, adapter="sqs_timers", fake=MemoryJourneyTimers)


def state(user_id: str = "ann", key: str = "", step: str = "day", hours: int = 4) -> State:
    moment = Moment(NOW, "m1")
    return State(user_id, key, 1, moment, step, Moment(NOW, AFTER_ALL), NOW + timedelta(hours=hours), "in", 1)


def errand(user_id: str = "ann", step: str = "soft") -> Errand:
    run = "", Moment(NOW, "m1"), '{"price": 3}', (Collected(Moment(NOW, "m2"), None),)
    return Errand("cart", f"cart/{user_id}//{step}/1", user_id, NOW, 1, step, *run)


def put(store: JourneyStore, kept: Kept, *, expected: int, wakes_at: datetime | None = None, forgotten_at: datetime | None = None) -> None:
    """One alone, which is refused with why."""
    for error in store.put([StateWrite(kept, wakes_at, forgotten_at, expected)]).values():
        raise error


def test_the_registry_is_empty_before_the_first_launch(registry: JourneyRegistry) -> None:
    assert registry.get().value == Registry()
    assert registry.get().version == 0


def test_of_two_who_change_the_registry_at_once_one_is_told(registry: JourneyRegistry) -> None:
    launched = Registry().launched("cart", 3, at=NOW, by="mara").stopped("cart", at=NOW, by="otto")
    registry.put(launched, expected=0)
    assert registry.get().value == launched
    with pytest.raises(ConflictError):
        registry.put(launched, expected=0)


def test_a_state_is_read_as_it_was_written(store: JourneyStore) -> None:
    whole = state(key="order#7")._replace(context='{"a": "ü"}', collected=errand().collected, lapsed=Lapse("day", Moment(NOW), NOW), hops=3)
    out = state()._replace(status="out", due=None)
    kept, bare = Kept("cart", whole, (errand(), errand(step="last")._replace(context=whole.context, claimed_by="call 1"))), Kept("cart", out)
    put(store, kept, wakes_at=NOW, expected=0)
    put(store, bare, forgotten_at=NOW + timedelta(days=400), expected=0)
    assert dict(store.of("ann").kept) == {kept: 1, bare: 1}
    assert store.of("bob").kept == ()


def test_an_outbox_says_once_what_its_errands_and_the_state_have_in_common(store: JourneyStore) -> None:
    """Ten events as large as is kept, in the state and in ten errands: an item has 400 KB."""
    gathered = tuple(Collected(Moment(NOW + timedelta(seconds=each), f"m{each}"), '{"s": "' + "x" * 8_000 + '"}') for each in range(10))
    other = gathered[:3]
    errands = [
        errand(step=f"s{number}")._replace(context=context, collected=collected)
        for number, (context, collected) in enumerate(
            [("{}", gathered), ("{}", gathered), (None, gathered), (None, ()), ('{"a": 1}', other), ('{"a": 1}', other), ("{}", gathered)]
        )
    ]
    for before in (gathered, (), other):
        user_id = f"u{len(before)}"
        known = state(user_id=user_id)._replace(context="{}", collected=before)
        kept = Kept("cart", known, tuple(each._replace(user_id=user_id) for each in errands))
        put(store, kept, expected=0)
        assert store.of(kept.state.user_id).kept == ((kept, 1),)


def test_a_state_is_written_only_in_the_place_of_what_was_read(store: JourneyStore) -> None:
    put(store, Kept("cart", state()), expected=0)
    put(store, Kept("cart", state(step="last")), expected=1)
    for expected in (0, 1, 3):
        with pytest.raises(ConflictError):
            put(store, Kept("cart", state()), expected=expected)
    assert store.of("ann").kept == ((Kept("cart", state(step="last")), 2),)


def test_what_came_ahead_is_read_as_it_was_written_and_beside_what_is_kept(store: JourneyStore) -> None:
    first = Ahead(Moment(NOW, "m1"), "Order Completed", None)
    both = first, Ahead(Moment(NOW + timedelta(seconds=1), "m2"), "Order Completed", '{"price": "ü"}')
    put(store, Kept("cart", state()), expected=0)
    store.remember("ann", [first], forgotten_at=NOW + timedelta(days=1))
    store.remember("ann", both, forgotten_at=NOW + timedelta(days=1))
    assert (store.of("ann").ahead, len(store.of("ann").kept)) == (both, 1)
    assert store.of("bob").ahead == ()


def test_whoever_is_due_is_found_in_their_step_until_they_are_moved(store: JourneyStore) -> None:
    for place, user_id in enumerate(("ann", "bob", "cy", "dee", "eve")):
        put(store, Kept("cart", state(user_id)), wakes_at=NOW + timedelta(hours=place), expected=0)
    put(store, Kept("cart", state("fay", step="last")), wakes_at=NOW, expected=0)
    put(store, Kept("card", state("gil")), wakes_at=NOW, expected=0)
    assert list(store.due("cart", "day", NOW + timedelta(hours=2), limit=10)) == [
        Due(user_id, "cart", "", NOW + timedelta(hours=place)) for place, user_id in enumerate(("ann", "bob", "cy"))
    ]
    assert store.waiting("cart", "day") == Waiting(5, NOW)
    put(store, Kept("cart", state()._replace(status="out")), expected=1)
    assert store.waiting("cart", "day") == Waiting(4, NOW + timedelta(hours=1))
    assert store.waiting("cart", "nowhere") == Waiting(0, None)
    put(store, Kept("cart", state("hal")._replace(version=2)), wakes_at=NOW + timedelta(hours=9), expected=0)
    assert store.waiting("cart", "day", versions=[2, 7]) == Waiting(1, NOW + timedelta(hours=9))
    assert store.waiting("cart", "day", versions=[1]) == Waiting(4, NOW + timedelta(hours=1))
    assert store.waiting("cart", "day", versions=[]) == Waiting(0, None)


def test_states_are_written_together_each_where_nobody_wrote_meanwhile(store: JourneyStore) -> None:
    people = ("ann", "bob", "cy", "dee")
    for user_id in people[:3]:
        put(store, Kept("cart", state(user_id), (errand(user_id),)), wakes_at=NOW, expected=0)
    put(store, Kept("cart", state("bob", step="last"), (errand("bob"),)), wakes_at=NOW, expected=1)
    refused = store.put([StateWrite(Kept("cart", state(user_id)), NOW, None, 0 if user_id == "dee" else 1) for user_id in people])
    assert [(place, type(error)) for place, error in refused.items()] == [(1, ConflictError)]
    assert [store.of(user_id).kept for user_id in ("ann", "cy", "dee")] == [
        ((Kept("cart", state(user_id)), version),) for user_id, version in (("ann", 2), ("cy", 2), ("dee", 1))
    ]
    assert store.of("bob").kept == ((Kept("cart", state("bob", step="last"), (errand("bob"),)), 2),)
    assert {each.user_id for each in store.due("cart", "day", NOW, limit=10)} == {"ann", "cy", "dee"}
    assert store.put([]) == {}


def test_what_a_state_has_no_more_is_taken_away(table: Tables) -> None:
    store, name = DynamoJourneys(table("JourneysTable")), "JourneysTable"
    out = Kept("cart", state()._replace(status="out"))
    put(store, Kept("cart", state(), (errand(),)), wakes_at=NOW, expected=0)
    put(store, out, forgotten_at=NOW, expected=1)
    (item,) = boto3.client("dynamodb").scan(TableName=name)["Items"]
    assert sorted(item) == ["expires_at", "state", "user_id", "version", "what"]
    put(store, out._replace(outbox=(errand(),)), expected=2)
    (item,) = boto3.client("dynamodb").scan(TableName=name)["Items"]
    assert sorted(item) == ["outbox", "state", "user_id", "version", "what"]


def test_a_state_that_is_too_large_for_an_item_costs_the_others_nothing(table: Tables) -> None:
    store = DynamoJourneys(table("JourneysTable"))
    large = Kept("cart", state("ann")._replace(context="x" * 410_000))
    refused = store.put([StateWrite(large, None, None, 0), StateWrite(Kept("cart", state("bob")), None, None, 0)])
    assert [(place, type(error)) for place, error in refused.items()] == [(0, StoreUnavailableError)]
    assert store.of("bob").kept == ((Kept("cart", state("bob")), 1),)


def test_an_errand_that_is_put_off_is_found_when_its_time_has_come_and_once_it_is_done_no_more(store: JourneyStore) -> None:
    later = PutOff(errand()._replace(tries=2), NOW + timedelta(minutes=1))
    store.put_off(PutOff(errand(), NOW))
    store.put_off(later)
    assert store.of("ann").put_off == (later,)
    assert not list(store.due_again("cart", NOW, limit=10))
    assert list(store.due_again("cart", later.until, limit=10)) == [Again("ann", later.errand.id, later.until)]
    assert store.waiting_errands("cart") == Waiting(1, later.until)
    store.take_off("ann", later.errand.id)
    store.take_off("ann", later.errand.id)
    assert store.of("ann").put_off == ()
    assert store.waiting_errands("cart") == Waiting(0, None)


def test_what_was_put_off_is_claimed_by_one_of_those_who_have_read_it(store: JourneyStore) -> None:
    waiting = [PutOff(errand(user_id), NOW) for user_id in ("ann", "bob", "cy")]
    for this in waiting[:2]:
        store.put_off(this)
    claimed = [this.errand._replace(claimed_by="call 1") for this in waiting]
    refused = store.claim(list(zip(waiting, claimed, strict=True)))
    assert [(place, type(error)) for place, error in refused.items()] == [(2, ConflictError)]
    assert store.of("ann").put_off == (PutOff(claimed[0], NOW),)
    assert store.waiting_errands("cart") == Waiting(2, NOW)
    others = [this.errand._replace(claimed_by="call 2") for this in waiting]
    assert sorted(store.claim(list(zip(waiting, others, strict=True)))) == [0, 1, 2]
    assert store.of("bob").put_off == (PutOff(claimed[1], NOW),)
    assert (store.claim([]), store.of("cy").put_off) == ({}, ())


def test_somebody_whose_id_is_that_of_the_registry_is_somebody(table: Tables) -> None:
    name = table("JourneysTable")
    DynamoJourneyRegistry(name).put(Registry().launched("cart", 1, at=NOW, by="mara"), expected=0)
    assert DynamoJourneys(name).of("!registry").kept == ()


def inputs() -> list[Trigger | Due | Again]:
    happened = [Trigger(f"user {number}", "event", "Product Added", NOW, f"m{number}", '{"price": 3}') for number in range(23)]
    items = [Trigger("ann", "content", "news", NOW, "content-1", f'{{"title": "{title}"}}') for title in ("Rain", "Rain, corrected")]
    return [*happened, *items, Due("ann", "cart", "", NOW), Again("ann", "0f", NOW)]


def test_what_is_sent_is_there_once_however_often_it_is_sent(queue: JourneyQueue) -> None:
    queue.send(inputs())
    queue.send(inputs()[3:])
    queue.send([])
    if isinstance(queue, MemoryJourneyQueue):
        assert queue.sent == inputs()
    else:
        client = boto3.client("sqs")
        url = client.get_queue_url(QueueName="journeys.fifo")["QueueUrl"]
        received = [message for _ in range(9) for message in client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])]
        assert {input_of(message["Body"]) for message in received} == set(inputs())
        assert len(received) == len(inputs())


def test_more_than_a_queue_ever_takes_of_one_input_is_the_mistake_of_whoever_sends_it(queue: JourneyQueue) -> None:
    with pytest.raises(PayloadTooLargeError):
        queue.send([Trigger("ann", "api", "cart", NOW, "1", "y" * 1_048_576)])


def test_a_table_and_a_queue_that_are_not_there_say_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoJourneys("nothing").of("ann")
    with pytest.raises(QueueUnavailableError):
        SqsJourneyQueue("https://sqs.us-east-1.amazonaws.com/123456789012/nothing.fifo").send(inputs())


def test_more_timers_may_be_set_than_a_batch_has(timers: JourneyTimers) -> None:
    timers.tell([Due("ann", "cart", str(number), NOW + timedelta(minutes=1)) for number in range(23)])


def test_a_timer_comes_in_the_second_after_its_moment_and_never_before() -> None:
    sent: list[dict[str, Any]] = []
    with Stubber(boto3.client("sqs", region_name="us-east-1")) as stubbed:
        timers = SqsJourneyTimers("https://sqs.us-east-1.amazonaws.com/123456789012/timers", MovableClock(NOW))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sqs_journey_queue, "client", lambda _, hurried: stubbed.client)
            stubbed.client.meta.events.register("provide-client-params.sqs.SendMessageBatch", lambda params, **_: sent.extend(params["Entries"]))
            stubbed.add_response("send_message_batch", {"Successful": [], "Failed": []})
            late, soon, far = -timedelta(hours=1), timedelta(seconds=9.5), timedelta(minutes=14, seconds=59.5)
            timers.tell([Due("ann", "cart", "", NOW + each) for each in (late, soon, far)])
    assert [entry["DelaySeconds"] for entry in sent] == [0, 10, 900]
