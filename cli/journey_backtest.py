"""`regulars journey backtest`: what a journey would have done, as tables."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from .backtest import chart
from .client import Document
from .command import Session
from .errors import CommandError
from .output import plain, price, print_table, read_document

_SHOWN = 20
"""Messages on a terminal; --json has a thousand."""


def backtest(session: Session, journey: str, *, start: str, end: str, sample: str, user: str, beside: Sequence[str] = ()) -> None:
    """Waits for what was found, and shows it. `journey` is an id, or the name of a file; `beside` are ids of others that send to the same people.
    Raises CommandError."""
    document = read_document(journey) if journey.endswith(".json") or Path(journey).is_file() else None
    identity = str(document.get("id", "")) if document is not None else journey
    if not identity:
        raise CommandError(f'{journey}: "id" must be a text, as in {{"id": "cart", ...}}', code="bad_file")
    body: Document = {"from": _moment(start, "--from"), "to": _moment(end, "--to") if end else datetime.now(UTC).isoformat()}
    if sample:
        body["sample"] = _share(sample)
    if user:
        body["user_id"] = user
    if document is not None:
        body["document"] = document
    if beside:
        body["with"] = list(beside)
    begun = session.api.post("journeys", identity, "backtests", body=body)
    done = session.answer(f"backtest of {identity}", "journey-backtests", begun)
    session.show({**done["hindsight"], "beside": done["beside"]}, lambda it: _print_all(it, user))


def _moment(text: str, option: str) -> str:
    """A day is its first moment; what names no zone is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option} {text}: no moment, as in 2017-07-01 or 2017-07-01T12:00:00Z", code="bad_option") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _share(text: str) -> float:
    try:
        share = float(text.removesuffix("%"))
    except ValueError:
        share = 0.0
    if not 0 < share <= 100:
        raise CommandError(f"--sample {text}: no share of people, as in 5%", code="bad_option")
    return share


def _print_all(it: Document, user: str) -> None:
    _print(it, user)
    for each in it["beside"]:
        print()
        _print(each, user)
    print("\n" + "\n".join(plain(each) for each in it["cannot_know"]))
    print(f"\n{_cost(it)}")


def _print(it: Document, user: str) -> None:
    print("\n".join(plain(line) for line in _summary(it)))
    if len(it["days"]) > 1:
        print("\npeople inside, day by day")
        print("\n".join(chart([max(0, day["inside"]) for day in it["days"]])))
    for title, key in (("message at", "messages"), ("fate", "fates"), ("left because", "exits"), ("noted", "notes"), ("also done", "others")):
        if it[key]:
            print()
            print_table(
                [title, "times"], [[name, f"{count:,}"] for name, count in sorted(it[key].items(), key=lambda each: -each[1])], right=["times"]
            )
    if it["shown"]:
        print()
        rows = [[each["user_id"], each["at"], each["step"], each["fate"], _read(each)] for each in it["shown"][:_SHOWN]]
        print_table(["who", "when", "step", "fate", "would have read"], rows, free=["would have read"])
    elif user:
        print("\n" + plain(_nothing(it, user)))


def _nothing(it: Document, user: str) -> str:
    """Of somebody whom it would have told nothing, what may be why."""
    sample = "; or they are not of the sample" if it["sample"] < 1 else ""
    why = f"they did not do what it begins with, were held out, or left before a message{sample}"
    return f"{user} would have got nothing: {why}. Ids are taken letter by letter."


def _read(message: Document) -> str:
    if message["fails"]:
        return f"nothing: {_short(message['because'], message['step'])}"
    return ": ".join(filter(None, (message["title"], message["body"])))


def _unmade(it: Document) -> Iterator[str]:
    """Who would have got nothing, though a message was to go out."""
    share = f"{100 * it['texts_of']:.3g} %"
    for each in it["unmade"][:_SHOWN]:
        who = f"{each['people']:,} people" if it["texts_of"] == 1 else f"of {share} of the people, whose texts were made, {each['people']:,}"
        why = ": ".join(filter(None, (_short(each["field"], each["step"]), each["because"])))
        yield f"{who} would have got nothing from step {each['step']}: {why}"


def _short(path: str, step: str) -> str:
    """Without what all texts of the step have in front."""
    return path.removeprefix(f"steps.{step}.message.push").removeprefix(".").removeprefix(": ")


def _summary(it: Document) -> Iterator[str]:
    of = f" of a sample of {it['sample']:.4g}" if it["sample"] < 1 else ""
    yield f"journey {it['journey_id']}, version {it['version']}, from {it['since']} to {it['until']}{of}"
    messages = sum(it["messages"].values())
    yield f"{it['people']:,} people did what it begins with; {it['entries']:,} times somebody came in, {it['held_out']:,} of them held out"
    yield f"{messages:,} messages" + (f", at most {it['peak_minute']:,} in a minute ({it['peak_at']})" if messages else "")
    if abs(it["by_arrival"] - messages) > messages / 100:
        yield f"going by when things arrived, and not by when they happened: {it['by_arrival']:,} messages"
    for arm, found in it["goal"].items():
        rate = f" ({100 * found['reached'] / found['people']:.3g} %)" if found["people"] else ""
        yield f"{arm}: {found['reached']:,} of {found['people']:,} reached the goal in its time, without any message{rate}"
    if running := it["running"]:
        yield f"had it run: {running['moves']:,} moves of people and {running['messages']:,} messages, ${running['usd']:.6f} at most"
    if it["alone"]:
        yield from _taken(it)
    yield from _unmade(it)


def _taken(it: Document) -> Iterator[str]:
    """What the others cost it."""
    for reason in sorted((it["fates"].keys() | it["alone"].keys()) - {"sent", "held"}):
        together, alone = it["fates"].get(reason, 0), it["alone"].get(reason, 0)
        yield f"{reason}: {together:,} together with the others, {alone:,} without them"


def _cost(it: Document) -> str:
    """What looking cost."""
    cost = it["cost"] or {}
    parts = ", ".join(f"{name.replace('_', ' ')} ${usd:.6f}" for name, usd in cost.items() if usd)
    return price(it) + (f" ({parts})" if parts else "")
