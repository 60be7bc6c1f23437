"""The platform as a whole: started, asked and stopped in a process of its own, because moto's state is the process's."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.errors import PlatformError
from local.platform import Platform
from local.ports import first_free_port, require_free_ports

ROOT = Path(__file__).parents[2]
Ports = Callable[[], int]

PRELUDE = '''
import json, os, socket, subprocess, sys, threading, urllib.error, urllib.request
from pathlib import Path
from local.errors import PlatformError
from local.platform import Platform

PORT = int(sys.argv[1])

def status(url, **options):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, **options), timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code

OUTSIDER = """
import boto3, sys
print(boto3.client("s3", endpoint_url=sys.argv[1]).list_buckets()["Buckets"][0]["Name"])
"""

def left_behind():
    busy = []
    for port in range(PORT, PORT + 3):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            busy += [port] if probe.connect_ex(("127.0.0.1", port)) == 0 else []
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return {
        "ports": busy,
        "threads": [t.name for t in threading.enumerate() if t is not threading.main_thread()],
        "children": children.read_text().split() if children.exists() else [],
        "environment": [name for name in os.environ if name.startswith("AWS_")],
    }
'''


def run(script: str, *arguments: object) -> Any:
    """Run a script in a fresh process; what it prints last, as JSON."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "layers" / "shared")])
    command = [sys.executable, "-c", PRELUDE + script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


NOTHING: dict[str, list[str]] = {"ports": [], "threads": [], "children": [], "environment": []}


def test_it_starts_from_template_yaml_twice_in_a_row_once_with_a_double_of_its_own_and_leaves_nothing_behind(
    three_free_ports: Ports,
) -> None:
    found = run(
        """
from contextlib import ExitStack
from local.fcm import start
rounds = []
for key, elsewhere in (("first", False), ("second", True)):
    with ExitStack() as others:
        other = start(PORT + 2) if elsewhere else None
        others.callback(other.stop if other else int)
        platform = others.enter_context(Platform.start(port=PORT, write_key=key, fcm=other))
        import boto3
        info = platform.info
        try:
            Platform.start(port=PORT + 3)
            refusal = None
        except PlatformError as error:
            refusal = str(error)
        secret = boto3.client("secretsmanager").get_secret_value(SecretId=platform.deployed.outputs["FcmSecretArn"])
        listed = subprocess.run([sys.executable, "-c", OUTSIDER, info["aws"]], capture_output=True, text=True, check=True)
        admin = info["api"] + "/admin/segments"
        rounds.append({
            "info": info,
            "refusal": refusal,
            "secret": json.loads(secret["SecretString"]) == (other or platform.fcm).service_account,
            "tables": sorted(t["Name"] for t in boto3.client("glue").get_tables(DatabaseName=info["database"])["TableList"]),
            "bucket seen from outside": listed.stdout.strip(),
            "admin without a token": status(admin),
            "admin with the token": status(admin, headers={"Authorization": "Bearer " + info["token"]}),
        })
    rounds[-1]["left behind"] = left_behind()
print(json.dumps(rounds))
Platform.start(port=PORT)  # and forgotten: the process must end all the same
""",
        port := three_free_ports(),
    )
    for key, each in zip(("first", "second"), found, strict=True):
        info = each["info"]
        assert (info["api"], info["aws"]) == (f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}")
        assert (info["fcm"], info["write_key"]) == (f"https://127.0.0.1:{port + 2}", key)
        assert (info["bucket"], info["database"]) == ("regulars-local-lakebucket", "regulars_local_local")
        assert {"ca", "token"} <= set(info)
        assert "already running" in each["refusal"]
        assert each["secret"]
        assert {"raw_events", "events", "people", "deliveries"} <= set(each["tables"])
        assert each["bucket seen from outside"] == info["bucket"]
        assert (each["admin without a token"], each["admin with the token"]) == (401, 200)
        assert each["left behind"] == NOTHING
    require_free_ports(port)


def test_a_start_that_fails_stops_what_had_started(three_free_ports: Ports, tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text("Resources: {Vm: {Type: AWS::EC2::Instance}}")
    found = run(
        """
try:
    Platform.start(port=PORT, template=Path(sys.argv[2]))
except PlatformError as error:
    print(json.dumps({"error": str(error), "left behind": left_behind()}))
""",
        three_free_ports(),
        template,
    )
    assert "Resources.Vm: the type AWS::EC2::Instance is not supported" in found["error"]
    assert found["left behind"] == NOTHING


@pytest.mark.parametrize(("offset", "name"), [(0, "the HTTP API"), (1, "the AWS endpoint"), (2, "the FCM double")])
def test_a_busy_port_is_named_with_what_to_do(three_free_ports: Ports, offset: int, name: str) -> None:
    port = three_free_ports()
    with socket.create_server(("127.0.0.1", port + offset)), pytest.raises(PlatformError) as caught:
        require_free_ports(port)
    assert str(caught.value).startswith(f"port {port + offset}, for {name}, is not free")
    assert "choose another port" in str(caught.value)


def test_the_next_free_ports_are_found_beside_a_busy_one(three_free_ports: Ports) -> None:
    port = three_free_ports()
    assert first_free_port(port) == port
    with socket.create_server(("127.0.0.1", port + 1)):
        found = first_free_port(port)
    assert found > port and (found - port) % 10 == 0
    require_free_ports(found)


def test_importing_the_module_costs_nothing() -> None:
    script = "import sys, local.platform; print([m for m in ('boto3', 'moto', 'duckdb', 'pyarrow') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_stopping_a_platform_that_never_started_does_no_harm() -> None:
    platform = Platform()
    platform.stop()
    platform.stop()
