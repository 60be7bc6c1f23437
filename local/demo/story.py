"""The demonstration, step by step. Every step is a command or a request that a user could make; nothing looks behind the API."""

import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.syntax import Syntax

from cli.errors import CommandError
from cli.report import print_report
from local.demo.bill import bill
from local.demo.definitions import AS_OF, CAMPAIGN, SEGMENTS

EVENTS = 158_317
HOUSEHOLDS = 2_469
REGULARS = Path(sys.executable).with_name("regulars")


class Story:
    """One telling. What it finds is kept in `found`, which `--json` prints."""

    def __init__(self, *, port: int, households: int, keep_running: bool, as_json: bool) -> None:
        self.port, self.households, self.keep_running, self.as_json = port, min(households, HOUSEHOLDS), keep_running, as_json
        self.console = Console(stderr=as_json, highlight=False)
        self.found: dict[str, Any] = {"households": self.households, "seconds": {}}
        self.info: dict[str, Any] = {}

    def tell(self) -> None:
        """Plays all of it. Raises CommandError at the first step that fails; the platform is stopped whatever happens."""
        from local.platform import Platform

        began = time.monotonic()
        with self._chapter("start", "Regulars starts: template.yaml, deployed on this machine"):
            platform = Platform.start(port=self.port)
            self.info = dict(platform.info)
        try:
            self._collect()
            self._segments()
            self._campaign()
            self._costs(time.monotonic() - began)
            if self.keep_running:
                self._wait()
        finally:
            platform.stop()

    def _collect(self) -> None:
        with self._chapter("collect", f"A year of {self.households:,} households goes through POST /v1/batch"):
            self.found["events"] = self._shop()
        with self._chapter("flush", "regulars flush: until all of it can be queried"):
            self._regulars("flush")

    def _shop(self) -> int:
        command = [sys.executable, "-m", "local.demo.shop", self.info["api"], self.info["write_key"], str(self.households)]
        expected = EVENTS if self.households == HOUSEHOLDS else None
        columns = (TextColumn("  "), BarColumn(), MofNCompleteColumn(), TextColumn("events"), TimeElapsedColumn())
        accepted = 0
        # The functions run in this process and their prints are caught already: rich must not catch them too.
        bar_only = Progress(*columns, console=self.console, redirect_stdout=False, redirect_stderr=False)
        with bar_only as progress, subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as shop:
            bar = progress.add_task("events", total=expected)
            for requests, line in enumerate(shop.stdout or (), start=1):
                accepted, sent = map(int, line.split())
                self.found |= {"requests": requests, "bytes_sent": sent}
                progress.update(bar, completed=accepted)
        if shop.returncode:
            raise CommandError("the shop's events were not all accepted")
        return accepted

    def _segments(self) -> None:
        self.found["segments"] = {}
        for segment in SEGMENTS:
            identity = segment["id"]
            with self._chapter(f"segment {identity}", f"Audience: {segment['name']}"):
                self._put("segment", segment)
                sql = self._regulars("segment", "sql", identity, "--as-of", AS_OF)
                counted = json.loads(self._regulars("segment", "count", identity, "--as-of", AS_OF, "--json"))
            if not self.as_json:
                self.console.print(Syntax(sql.strip(), "sql", theme="ansi_dark", word_wrap=True, background_color="default"))
            cost = f"{counted['bytes_scanned'] / 1e6:.2f} MB read, ${counted['cost_usd']:.5f} on Athena"
            self.console.print(f"  [bold]{counted['count']:,} people[/bold] as of {AS_OF[:10]}, {cost}\n")
            self.found["segments"][identity] = counted

    def _campaign(self) -> None:
        control = CAMPAIGN["control"]["percent"]
        with self._chapter("campaign", f"Campaign to “regulars”, {control} % held out as control"):
            self._put("campaign", CAMPAIGN)
            run = json.loads(self._regulars("campaign", "launch", CAMPAIGN["id"], "--as-of", AS_OF, "--wait", "--json"))
        messages = self._double("/__admin/messages?since=0")["messages"]
        accepted = [message["body"]["message"] for message in messages if message["answer"] == 200]
        self.console.print(f"  [bold]{len(accepted):,} pushes[/bold] arrived at the FCM double. One of them:")
        if accepted:
            self.console.print_json(json.dumps(_shortened(accepted[0])), indent=2)
        self.found["run"], self.found["pushes"] = run, len(accepted)
        with self._chapter("report", "What it changed, by what they really bought in the next 7 days"):
            report = json.loads(self._regulars("campaign", "report", run["run_id"], "--json"))
        self.found["report"] = report
        if not self.as_json:
            print_report(report)
        self.console.print("  Nobody received anything in 2017: an honest report finds nothing.\n", style="dim")

    def _costs(self, seconds: float) -> None:
        self.found["bill"], self.found["seconds"]["total"] = bill(self.info, self.found), round(seconds, 1)
        if self.as_json:
            print(json.dumps(self.found))
            return
        self.console.rule("[bold]What this would have cost on AWS", align="left")
        for line, dollars in self.found["bill"].items():
            self.console.print(f"  {line:<58}{dollars:>9.4f} $")
        self.console.print(f"\nAll of it in [bold]{seconds:.0f} s[/bold]. Where to look next:")
        self.console.print("  README.md                 one event's way, file by file\n  docs/segments.md          the rule language")
        self.console.print("  make demo ARGS=--keep-running    leaves the platform up to play with\n  regulars --help")

    def _wait(self) -> None:
        lines = (f"export REGULARS_API={self.info['api']}", f"export REGULARS_TOKEN={self.info['token']}")
        self.console.print("\nThe platform stays up until Ctrl-C. In another terminal:", *lines, sep="\n  ", soft_wrap=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            self.console.print("stopping")

    @contextmanager
    def _chapter(self, name: str, title: str) -> Iterator[None]:
        self.console.rule(f"[bold]{title}", align="left")
        began = time.monotonic()
        yield
        self.found["seconds"][name] = round(time.monotonic() - began, 1)
        self.console.print(f"  {self.found['seconds'][name]:.1f} s", style="dim")

    def _put(self, noun: str, document: dict[str, Any]) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(document, file)
            file.flush()
            self._regulars(noun, "put", file.name)

    def _regulars(self, *arguments: str) -> str:
        """Runs the command line as a user would; its words on failure become ours."""
        address = {**os.environ, "REGULARS_API": self.info["api"], "REGULARS_TOKEN": self.info["token"]}
        done = subprocess.run([REGULARS, *arguments], env=address, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CommandError(f"`regulars {' '.join(arguments)}` failed:\n{done.stderr}")
        return done.stdout

    def _double(self, path: str) -> Any:
        trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.info["ca"]))
        without_proxy = urllib.request.ProxyHandler({})
        with urllib.request.build_opener(trust, without_proxy).open(self.info["fcm"] + path) as answer:
            return json.load(answer)


def _shortened(message: dict[str, Any]) -> dict[str, Any]:
    return {**message, "token": message["token"][:16] + "…"}
