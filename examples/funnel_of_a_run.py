"""How far the people of one run came: audience, treated, sent, received, opened. By pyiceberg alone, without a query engine.

python examples/funnel_of_a_run.py DATABASE RUN
python examples/funnel_of_a_run.py DATABASE RUN --as-of 2026-11-20T08:00:00+00:00      the tables as they were then (three days back at most)
"""

import argparse
import json
from datetime import datetime
from typing import Any, Final

from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.expressions import And, BooleanExpression, EqualTo, GreaterThanOrEqual, In, NotEqualTo

RECEIVED: Final = "Push Notification Received"
TAPPED: Final = "Push Notification Tapped"


def rows(lake: Catalog, table: str, wanted: BooleanExpression, columns: tuple[str, ...], as_of: datetime | None) -> list[dict[str, Any]]:
    """The rows of the newest snapshot, or of the one that was the newest at a moment; none where there was none."""
    found = lake.load_table(table)
    snapshot = found.snapshot_as_of_timestamp(int(as_of.timestamp() * 1000)) if as_of else found.current_snapshot()
    if snapshot is None:
        return []
    return list(found.scan(wanted, columns, snapshot_id=snapshot.snapshot_id).to_arrow().to_pylist())


def funnel(database: str, run_id: str, as_of: datetime | None = None) -> dict[str, int]:
    """People at each step. The app's reports name the push by its `message_id`, so that nobody has to be resolved."""
    lake, of_run = load_catalog("lake", type="glue"), EqualTo(term="run_id", value=run_id)
    in_it = And(of_run, NotEqualTo(term="arm", value="global control"))
    audience = rows(lake, f"{database}.assignments", in_it, ("user_id", "arm", "planned_ts"), as_of)
    pushes = rows(lake, f"{database}.deliveries", of_run, ("user_id", "message_id", "outcome"), as_of)
    sent = {push["message_id"]: push["user_id"] for push in pushes if push["outcome"] in ("sent", "unknown")}
    begun = min((person["planned_ts"] for person in audience), default=datetime.min)
    app = And(In(term="event_name", literals=(RECEIVED, TAPPED)), GreaterThanOrEqual(term="event_ts", value=begun.isoformat()))
    told = rows(lake, f"{database}.events", app, ("event_name", "properties"), as_of) if sent else []
    named = [(report["event_name"], json.loads(report["properties"] or "{}").get("message_id")) for report in told]
    return {
        "audience": len({person["user_id"] for person in audience}),
        "treated": len({person["user_id"] for person in audience if person["arm"] != "control"}),
        "sent": len({push["user_id"] for push in pushes if push["outcome"] == "sent"}),
        "received": len({sent[message] for _, message in named if message in sent}),
        "opened": len({sent[message] for name, message in named if name == TAPPED and message in sent}),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How far the people of one run came")
    parser.add_argument("database")
    parser.add_argument("run")
    parser.add_argument("--as-of", type=datetime.fromisoformat)
    asked = parser.parse_args()
    for step, people in funnel(asked.database, asked.run, asked.as_of).items():
        print(f"{step:<10}{people:>10,}")
