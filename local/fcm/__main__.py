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

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP2Settings
from granian.server.embed import Server

from local.fcm import identity
from local.fcm.application import Application
from local.fcm.double import Double

# FCM's front end allows 100 streams a connection: https://github.com/firebase/firebase-admin-node/issues/2943
STREAMS_PER_CONNECTION = 100
BACKLOG = 1024


def build_server(port: int, folder: Path, project_id: str) -> Server:
    identity.write(folder, url=f"https://127.0.0.1:{port}", project_id=project_id)
    account = json.loads((folder / identity.ACCOUNT_FILE).read_text())
    return Server(
        Application(Double(account, folder)),
        address="127.0.0.1",
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.auto,
        http2_settings=HTTP2Settings(max_concurrent_streams=STREAMS_PER_CONNECTION),
        websockets=False,
        backlog=BACKLOG,
        log_enabled=False,
        ssl_cert=folder / identity.CERTIFICATE_FILE,
        ssl_key=folder / identity.KEY_FILE,
    )


async def serve(server: Server, port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    # Nothing here is worth an orderly end, which clients with open connections would hold up.
    loop.add_signal_handler(signal.SIGTERM, os._exit, 0)
    # Ctrl-C in a terminal reaches the whole group: whoever started this decides when it may end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def stop_when_orphaned() -> None:
        sys.stdin.read()
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)

    threading.Thread(target=stop_when_orphaned, daemon=True).start()
    announcement = loop.create_task(announce(port))
    await server.serve()
    announcement.cancel()


async def announce(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.005)
        else:
            writer.close()
            print(json.dumps({"ready": True}), flush=True)
            return


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m local.fcm", description="The FCM double's process")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--project", required=True)
    chosen = options.parse_args()
    asyncio.run(serve(build_server(chosen.port, chosen.folder, chosen.project), chosen.port, chosen.folder))


if __name__ == "__main__":
    main()
