"""The double's own process: `python -m local.fcm --port N --folder F --project P`.

Prints {"ready": true} once it listens, and ends on SIGTERM or as soon as its standard input closes (so never outlives who started it).
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import threading
from pathlib import Path

from local.fcm import identity
from local.fcm.application import Application
from local.fcm.double import Double
from local.fcm.server import Server


async def serve(port: int, folder: Path, project_id: str) -> None:
    loop = asyncio.get_running_loop()
    # Nothing here is worth an orderly end, which clients with open connections would hold up.
    loop.add_signal_handler(signal.SIGTERM, os._exit, 0)
    # Ctrl-C in a terminal reaches the whole group: whoever started this decides when it may end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=stop_when_orphaned, args=[folder], daemon=True).start()
    identity.write(folder, url=f"https://127.0.0.1:{port}", project_id=project_id)
    double = Double(json.loads((folder / identity.ACCOUNT_FILE).read_text()), folder)
    double.connections = Server(port, folder, Application(double), double.plan).counts
    print(json.dumps({"ready": True}), flush=True)
    await loop.create_future()


def stop_when_orphaned(folder: Path) -> None:
    sys.stdin.read()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m local.fcm", description="The FCM double's process")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--project", required=True)
    chosen = options.parse_args()
    asyncio.run(serve(chosen.port, chosen.folder, chosen.project))


if __name__ == "__main__":
    main()
