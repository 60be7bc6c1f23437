"""An execution works for the role of its state machine, in whichever threads moto's interpreter runs it."""

from typing import Any

from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from local.iam import gate, principals, services
from local.iam.principals import Principal
from local.runtime.corrections import replace, require_moto

_logic = ExecutionWorker._execution_logic


def install() -> None:
    """Correct moto in this process. Idempotent; raises WrongMotoVersionError."""
    require_moto("Step Functions")
    replace(ExecutionWorker, "_execution_logic", _for_its_role)


def _for_its_role(self: Any) -> None:
    execution = self._evaluation_details.execution_details
    with principals.acting(Principal(execution.role_arn, execution.name)):
        _logic(self)


def require_children(machine_arn: str) -> None:
    """What a distributed map asks for before it starts its children. Raises AccessDeniedError."""
    gate.require(*services.distributed_map(machine_arn))
