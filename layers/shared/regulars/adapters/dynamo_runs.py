"""RunStore on DynamoDB: key `run_id` and `part`.

<run_id>        run                      the run: its JSON text in `document`, and `version`
<run_id>        goes_on                  whether it does, in which `execution`: what each call of `deliver` reads each second is as small as can be
list            <launched_at>#<run_id>   every run, by its launch
list#<campaign> <launched_at>#<run_id>   those of one campaign
list#segment#<segment>   ...             those whose audience depends on a segment
unfinished      <launched_at>#<run_id>   those that had not ended when somebody last looked
latest#<campaign>  latest                the run of a campaign that was created last, as `listed`
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import orjson

from regulars.adapters.documents.runs import run_document, run_of
from regulars.adapters.dynamo_items import BATCH, Item, Items, version_condition
from regulars.domain.campaigns.run import Run, RunsPage
from regulars.domain.errors import ConflictError, InvalidRequestError, NotFoundError
from regulars.ports import Stored

_RUN = "run"
_GOES_ON = "goes_on"
_LIST = "list"
_UNFINISHED = "unfinished"
_LATEST = "latest"

MOST_LISTS = BATCH - 3
"""That a run can be in: it is written with all of them, as its campaign's latest, and with whether it goes on, at once."""


class DynamoRuns:
    """One table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the table of runs")

    def create(self, run: Run, *, after: str | None = None) -> None:
        place = f"{run.launched_at.astimezone(UTC).isoformat(timespec='microseconds')}#{run.run_id}"
        unfinished = () if run.has_ended else (_UNFINISHED,)  # one that stands for a missed occurrence never began
        lists = (_LIST, _list_of(run.campaign.id), *unfinished, *(_list_of(segment_id=each) for each in sorted(run.segments)))
        listed = [{"Item": {**_key(name, place), "listed": {"S": run.run_id}}} for name in lists[:MOST_LISTS]]
        condition, _ = version_condition("run_id", 0)
        itself = {"Item": _item(run, version=1), "ConditionExpression": condition}
        if self._items.put_all([itself, _as_latest(run, after), _whether_it_goes_on(run), *listed]):
            raise ConflictError(f"run {run.run_id} is there already, or another run of the campaign came first")

    def latest(self, campaign_id: str) -> str:
        item = self._items.get(_latest_of(campaign_id))
        return str(item["listed"]["S"]) if item else ""

    def get(self, run_id: str) -> Stored[Run]:
        item = self._items.get(_key(run_id, _RUN))
        if item is None:
            raise NotFoundError(f"there is no run {run_id}")
        return _stored(item)

    def goes_on(self, run_id: str, execution: int | None = None) -> bool:
        item = self._items.get(_key(run_id, _GOES_ON))
        item = item or _whether_it_goes_on(self.get(run_id).value)["Item"]  # a version before wrote it
        return bool(item["goes_on"]["BOOL"]) and execution in (None, int(item["execution"]["N"]))

    def unfinished(self) -> Sequence[Run]:
        entries, runs = self._not_ended()
        for entry in entries:
            if runs[entry["listed"]["S"]].has_ended:
                self._items.delete(_key(_UNFINISHED, entry["part"]["S"]))
        return [run for run in runs.values() if not run.has_ended]

    def under_way(self) -> Sequence[Run]:
        _, runs = self._not_ended()
        return [run for run in runs.values() if run.goes_on]

    def _not_ended(self) -> tuple[Sequence[Item], Mapping[str, Run]]:
        """Those that had not when somebody last looked: their places in the list, and themselves by their ids."""
        entries = list(self._items.query("run_id = :list", {":list": {"S": _UNFINISHED}}))
        found = self._items.get_many([_key(entry["listed"]["S"], _RUN) for entry in entries])
        return entries, {item["run_id"]["S"]: _stored(item).value for item in found}

    def put(self, run: Run, *, expected: int) -> None:
        condition, values = version_condition("version", expected)
        itself = {"Item": _item(run, version=expected + 1), "ConditionExpression": condition, "ExpressionAttributeValues": values}
        if self._items.put_all([itself, _whether_it_goes_on(run)]):
            raise ConflictError(f"{run.run_id}: another write came first")

    def listed(self, *, campaign_id: str = "", segment_id: str = "", page: str = "", limit: int = 50) -> RunsPage:
        condition, values = "run_id = :list", {":list": {"S": _list_of(campaign_id, segment_id)}}
        if page:
            _check_page(page)
            condition, values = f"{condition} AND part < :page", {**values, ":page": {"S": page}}
        found = [entry for entry, _ in zip(self._items.query(condition, values, ScanIndexForward=False), range(limit + 1), strict=False)]
        shown = found[:limit]
        runs = {item["run_id"]["S"]: _stored(item).value for item in self._items.get_many([_key(e["listed"]["S"], _RUN) for e in shown])}
        following = shown[-1]["part"]["S"] if len(found) > limit else ""
        return RunsPage([runs[entry["listed"]["S"]] for entry in shown], following)


def _check_page(page: str) -> None:
    launched_at, _, run_id = page.partition("#")
    try:
        datetime.fromisoformat(launched_at)
    except ValueError:
        run_id = ""
    if not run_id:
        raise InvalidRequestError("is not the name of a page of runs: bring what `next` said", field="page")


def _list_of(campaign_id: str = "", segment_id: str = "") -> str:
    """No id has a `#`."""
    if segment_id:
        return f"{_LIST}#segment#{segment_id}"
    return f"{_LIST}#{campaign_id}" if campaign_id else _LIST


def _latest_of(campaign_id: str) -> Item:
    return _key(f"{_LATEST}#{campaign_id}", _LATEST)


def _as_latest(run: Run, after: str | None) -> Item:
    """The put that makes it so. Campaigns whose runs are older than this item have none."""
    put: Item = {"Item": {**_latest_of(run.campaign.id), "listed": {"S": run.run_id}}}
    if after is None:
        return put
    condition = {"ConditionExpression": "attribute_not_exists(run_id) OR listed = :after", "ExpressionAttributeValues": {":after": {"S": after}}}
    return put | condition


def _key(run_id: str, part: str) -> Item:
    return {"run_id": {"S": run_id}, "part": {"S": part}}


def _item(run: Run, *, version: int) -> Item:
    document = orjson.dumps(run_document(run)).decode()
    return {**_key(run.run_id, _RUN), "document": {"S": document}, "version": {"N": str(version)}}


def _whether_it_goes_on(run: Run) -> Item:
    return {"Item": {**_key(run.run_id, _GOES_ON), "goes_on": {"BOOL": run.goes_on}, "execution": {"N": str(run.executions)}}}


def _stored(item: Item) -> Stored[Run]:
    return Stored(run_of(orjson.loads(item["document"]["S"])), int(item["version"]["N"]))
