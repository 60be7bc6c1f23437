"""What one call of AWS is billed as, by name of a price. Units of DynamoDB are worked out from the items, because moto does not."""

from collections.abc import Mapping
from typing import Any, Final

from bench.amounts import Amounts
from regulars.domain import prices

_S3_GETS: Final = frozenset({"GetObject", "HeadObject", "HeadBucket"})
_S3_FREE: Final = frozenset({"DeleteObject", "DeleteObjects"})
_READS: Final = frozenset({"GetItem", "BatchGetItem", "Query", "Scan"})


def units(service: str, operation: str, parameters: Mapping[str, Any], answer: Mapping[str, Any]) -> Amounts:
    """What one call is billed as, by name of a price. Calls that cost nothing (Athena's, Step Functions', most errors) give nothing."""
    match service:
        case "sqs":
            return Amounts(sqs_request=prices.sqs_units(len(parameters.get("MessageBody", ""))))
        case "s3" if operation not in _S3_FREE:
            return Amounts({"s3_get" if operation in _S3_GETS else "s3_put": 1})
        case "dynamodb" if operation in _READS:
            return Amounts(dynamodb_read=_read_units(operation, parameters, answer))
        case "dynamodb":
            return Amounts(dynamodb_write=sum(map(prices.dynamodb_write_units, written_bytes(operation, parameters))))
        case "secretsmanager":
            return Amounts(secret_request=1)
    return Amounts()


def item_bytes(item: Mapping[str, Any]) -> int:
    """Names and values of an item as DynamoDB's client sends it.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return len(content) // 2 + 1
        case "B":
            return len(content)
        case "M":
            return 3 + len(content) + item_bytes(content)
        case "L":
            return 3 + sum(1 + _value_bytes(each) for each in content)
        case "SS" | "NS" | "BS":
            return sum(len(each) for each in content)
    return 1


def written_bytes(operation: str, parameters: Mapping[str, Any]) -> list[int]:
    """Of each item that a call of DynamoDB writes; what an update leaves as it is, is not known here and left out."""
    if operation in _READS:
        return []
    match operation:
        case "BatchExecuteStatement":
            return [sum(map(_value_bytes, each.get("Parameters", []))) for each in parameters["Statements"]]
        case "BatchWriteItem":
            ((_, asked),) = parameters["RequestItems"].items()
            return [item_bytes(each.get("PutRequest", {}).get("Item", {})) for each in asked]
    return [item_bytes(parameters.get("Item") or parameters.get("ExpressionAttributeValues", {}))]


def _read_units(operation: str, parameters: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
    match operation:
        case "BatchGetItem":
            ((table, asked),) = parameters["RequestItems"].items()
            found = [item_bytes(item) for item in answer.get("Responses", {}).get(table, [])]
            missing = len(asked["Keys"]) - len(found)
            return sum(prices.dynamodb_read_units(size, strong=asked.get("ConsistentRead", False)) for size in [*found, *[0] * missing])
        case "GetItem":
            return prices.dynamodb_read_units(item_bytes(answer.get("Item", {})), strong=parameters.get("ConsistentRead", False))
    together = sum(item_bytes(item) for item in answer.get("Items", []))
    return prices.dynamodb_read_units(together, strong=parameters.get("ConsistentRead", False))
