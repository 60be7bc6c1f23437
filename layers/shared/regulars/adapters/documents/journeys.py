"""The documents of where people are in journeys, and of errands, as JSON text. They are many and each write is paid by the
kilobyte, so what says nothing is left out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from regulars.adapters.documents import Document
from regulars.domain.journeys.ahead import Ahead
from regulars.domain.journeys.errand import Errand, Kept, PutOff
from regulars.domain.journeys.state import Collected, Lapse, Moment, State


def state_document(state: State) -> str:
    document = {
        "version": state.version,
        "entry": tuple(state.entry),
        "step": state.step,
        "since": tuple(state.since),
        "due": state.due,
        "status": state.status,
        "entries": state.entries,
        "hops": state.hops,
        "context": state.context,
        "collected": _collected_document(state.collected),
        "lapsed": (state.lapsed.step, tuple(state.lapsed.since), state.lapsed.due) if state.lapsed else None,
    }
    return _text(document)


def state_of(user_id: str, key: str, text: str) -> State:
    document = orjson.loads(text)
    return State(
        user_id=user_id,
        key=key,
        version=document["version"],
        entry=_moment(document["entry"]),
        step=document["step"],
        since=_moment(document["since"]),
        due=_time(document["due"]) if "due" in document else None,
        status=document["status"],
        entries=document["entries"],
        hops=document.get("hops", 0),
        context=document.get("context"),
        collected=_collected(document.get("collected", ())),
        lapsed=_lapse(document["lapsed"]) if "lapsed" in document else None,
    )


def outbox_document(kept: Kept) -> str:
    """Without what the state, or the errand before, says as well."""
    before = [_Said(kept.state.context, kept.state.collected), *(_Said(each.context, each.collected) for each in kept.outbox)]
    return orjson.dumps([_errand_document(each, said) for each, said in zip(kept.outbox, before, strict=False)]).decode()


def outbox_of(journey_id: str, state: State, text: str) -> tuple[Errand, ...]:
    said, found = _Said(state.context, state.collected), list[Errand]()
    for document in orjson.loads(text):
        found.append(_errand(journey_id, state.user_id, document, said))
        said = _Said(found[-1].context, found[-1].collected)
    return tuple(found)


def put_off_document(this: PutOff) -> str:
    return _text({**_errand_document(this.errand), "journey": this.errand.journey_id, "until": this.until})


def put_off_of(user_id: str, text: str) -> PutOff:
    document = orjson.loads(text)
    return PutOff(_errand(document["journey"], user_id, document), _time(document["until"]))


def ahead_document(ahead: Sequence[Ahead]) -> str:
    return orjson.dumps([(tuple(each.moment), each.name, each.properties) for each in ahead]).decode()


def ahead_of(text: str) -> tuple[Ahead, ...]:
    return tuple(Ahead(_moment(moment), name, properties) for moment, name, properties in orjson.loads(text))


class _Said(NamedTuple):
    """What an errand need not say again."""

    context: str | None = None
    collected: tuple[Collected, ...] = ()


_NOTHING: Final = _Said()


def _errand_document(errand: Errand, said: _Said = _NOTHING) -> Document:
    document = {
        "key": errand.key,
        "at": errand.at,
        "version": errand.version,
        "step": errand.step,
        "run_key": errand.run_key,
        "entry": tuple(errand.entry),
        "tries": errand.tries,
        "claimed_by": errand.claimed_by,
    }
    other = {
        **({"context": errand.context} if errand.context != said.context else {}),
        **({"collected": _collected_document(errand.collected)} if errand.collected != said.collected else {}),
    }
    return {**_said(document), **other}


def _errand(journey_id: str, user_id: str, document: Document, said: _Said = _NOTHING) -> Errand:
    return Errand(
        journey_id,
        document["key"],
        user_id,
        _time(document["at"]),
        document["version"],
        document["step"],
        document.get("run_key", ""),
        _moment(document["entry"]),
        document.get("context", said.context),
        _collected(document["collected"]) if "collected" in document else said.collected,
        document.get("tries", 0),
        document.get("claimed_by", ""),
    )


def _collected_document(collected: tuple[Collected, ...]) -> list[Any]:
    return [(tuple(each.moment), each.properties) for each in collected]


def _collected(documents: Any) -> tuple[Collected, ...]:
    return tuple(Collected(_moment(moment), properties) for moment, properties in documents)


def _lapse(document: Any) -> Lapse:
    step, since, due = document
    return Lapse(step, _moment(since), _time(due))


def _moment(document: Any) -> Moment:
    at, identity = document
    return Moment(_time(at), identity)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _said(document: Document) -> Document:
    return {name: value for name, value in document.items() if value not in (None, 0, "", [])}


def _text(document: Document) -> str:
    return orjson.dumps(_said(document)).decode()
