"""The demonstration, step by step. Every step is a command or a request that a user could make; nothing looks behind the API."""

import json
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.prompt import Confirm
from rich.syntax import Syntax

from cli.errors import CommandError
from cli.report import print_report
from cli.up import StopAsked, known_as_context, next_steps
from local.demo.bill import bill
from local.demo.commands import put, regulars, shop
from local.demo.definitions import AS_OF, CAMPAIGN, SEGMENTS
from local.demo.double import accepted_pushes
from local.demo.households import EVENTS, HOUSEHOLDS
from local.demo.stage import Stage

ELSEWHERE = """  This is played on {api}, which keeps all of it:
    {households:,} made-up people ("h1", "h2"..) with what they bought in 2017 go into its lake and its profiles;
    the segments {segments} and the campaign {campaign} get a new version;
    the campaign is launched: a push goes to each device of its audience. Their tokens are made up, so that FCM refuses every one."""


class Story:
    """One telling. What it finds is kept in `found`, which `--json` prints."""

    def __init__(self, *, households: int, keep_running: bool, as_json: bool, may_send: bool) -> None:
        self.households, self.keep_running, self.as_json, self.may_send = min(households, HOUSEHOLDS), keep_running, as_json, may_send
        self.console = Console(stderr=as_json, highlight=False)
        self.found: dict[str, Any] = {"households": self.households, "seconds": {}}

    def say(self, text: str) -> None:
        self.console.print(f"  {text}", soft_wrap=True, markup=False)

    def play_here(self, starting: AbstractContextManager[Stage]) -> None:
        """On a platform that is started for it, and stopped whatever happens. Raises CommandError at the first step that fails."""
        began = time.monotonic()
        with ExitStack() as until_the_end:
            with self._chapter("start", "Regulars starts: template.yaml, deployed on this machine"):
                stage = until_the_end.enter_context(starting)
            self._play(stage, began)
            if stage.own and self.keep_running:
                self._leave_up(stage.own)

    def play_there(self, stage: Stage) -> None:
        """On a platform that is there, once somebody agreed to it. Raises CommandError if nobody did, or at the first step that fails."""
        self._ask(stage)
        self._play(stage, time.monotonic())

    def _ask(self, stage: Stage) -> None:
        segments = ", ".join(segment["id"] for segment in SEGMENTS)
        what = ELSEWHERE.format(api=stage.api, households=self.households, segments=segments, campaign=CAMPAIGN["id"])
        self.console.print(what, soft_wrap=True)
        if self.may_send:
            return
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise CommandError("nothing was sent: without a terminal to ask on, --yes says that this may happen")
        if not Confirm.ask("  Go on?", console=self.console, default=False):
            raise CommandError("nothing was sent")

    def _play(self, stage: Stage, began: float) -> None:
        with self._chapter("collect", f"A year of {self.households:,} households goes through POST /v1/batch"):
            self.found["events"] = self._shop(stage)
        with self._chapter("flush", "regulars flush: until all of it can be queried"):
            regulars(stage, "flush")
        self.found["segments"] = {segment["id"]: self._segment(stage, segment) for segment in SEGMENTS}
        self._campaign(stage)
        self._report(stage)
        self._costs(stage)
        self._end(time.monotonic() - began)

    def _shop(self, stage: Stage) -> int:
        expected = EVENTS if self.households == HOUSEHOLDS else None
        columns = (TextColumn("  "), BarColumn(), MofNCompleteColumn(), TextColumn("events"), TimeElapsedColumn())
        accepted = 0
        # The functions run in this process and their prints are caught already: rich must not catch them too.
        with Progress(*columns, console=self.console, redirect_stdout=False, redirect_stderr=False) as progress:
            bar = progress.add_task("events", total=expected)
            for requests, (accepted, size) in enumerate(shop(stage, self.households), start=1):
                self.found |= {"requests": requests, "bytes_sent": size}
                progress.update(bar, completed=accepted)
        return accepted

    def _segment(self, stage: Stage, segment: dict[str, Any]) -> dict[str, Any]:
        identity = segment["id"]
        with self._chapter(f"segment {identity}", f"Audience: {segment['name']}"):
            put(stage, "segment", segment)
            sql = regulars(stage, "segment", "sql", identity, "--as-of", AS_OF)
            counted: dict[str, Any] = json.loads(regulars(stage, "segment", "count", identity, "--as-of", AS_OF, "--json"))
        if not self.as_json:
            self.console.print(Syntax(sql.strip(), "sql", theme="ansi_dark", word_wrap=True, background_color="default"))
        cost = f"{counted['bytes_scanned'] / 1e6:.2f} MB read, ${counted['cost_usd']:.5f} on Athena"
        self.console.print(f"  [bold]{counted['count']:,} people[/bold] as of {AS_OF[:10]}, {cost}\n")
        return counted

    def _campaign(self, stage: Stage) -> None:
        control = CAMPAIGN["control"]["percent"]
        with self._chapter("campaign", f"Campaign to “regulars”, {control} % held out as control"):
            put(stage, "campaign", CAMPAIGN)
            past = ("--as-of", AS_OF, "--send", "--yes")
            self.found["run"] = json.loads(regulars(stage, "campaign", "launch", CAMPAIGN["id"], *past, "--wait", "--json"))
        if stage.own is None:
            self.console.print(f"  [bold]{self.found['run']['counts']['pushes']:,} pushes[/bold] went to FCM; what arrived, only FCM knows.")
            return
        accepted = accepted_pushes(stage.own)
        self.found["pushes"] = len(accepted)
        self.console.print(f"  [bold]{len(accepted):,} pushes[/bold] arrived at the FCM double. One of them:")
        if accepted:
            self.console.print_json(json.dumps(_shortened(accepted[0])), indent=2)

    def _report(self, stage: Stage) -> None:
        with self._chapter("report", "What it changed, by what they really bought in the next 7 days"):
            self.found["report"] = json.loads(regulars(stage, "campaign", "report", self.found["run"]["run_id"], "--json"))
        if not self.as_json:
            print_report(self.found["report"])
        self.console.print("  Nobody received anything in 2017: an honest report finds nothing.\n", style="dim")

    def _costs(self, stage: Stage) -> None:
        if stage.own is None:
            self.console.print("  What all of it cost is on AWS's bill: it can't be counted from here.", style="dim")
            return
        self.found["bill"] = bill(stage.own, self.found)
        self.console.rule("[bold]What this would have cost on AWS", align="left")
        for line, dollars in self.found["bill"].items():
            self.console.print(f"  {line:<58}{dollars:>9.4f} $")

    def _end(self, seconds: float) -> None:
        self.found["seconds"]["total"] = round(seconds, 1)
        if self.as_json:
            print(json.dumps(self.found), flush=True)
            return
        self.console.print(f"\nAll of it in [bold]{seconds:.0f} s[/bold]. Where to look next:")
        self.console.print("  README.md                 one event's way, file by file\n  docs/segments.md          the rule language")
        if not self.keep_running:
            self.console.print("  make demo ARGS=--keep-running    leaves the platform up to play with")
        self.console.print("  regulars --help")

    def _leave_up(self, info: Mapping[str, str]) -> None:
        """Until a signal comes, which is then an end like any other."""
        steps = next_steps(info, needs_nothing=known_as_context(info))
        self.console.print(f"\n  The platform stays up until Ctrl-C.\n\n{steps}", soft_wrap=True, markup=False)
        with suppress(StopAsked):
            threading.Event().wait()

    @contextmanager
    def _chapter(self, name: str, title: str) -> Iterator[None]:
        self.console.rule(f"[bold]{title}", align="left")
        began = time.monotonic()
        yield
        self.found["seconds"][name] = round(time.monotonic() - began, 1)
        self.console.print(f"  {self.found['seconds'][name]:.1f} s", style="dim")


def _shortened(message: dict[str, Any]) -> dict[str, Any]:
    return {**message, "token": message["token"][:16] + "…"}
