"""One folder a Lambda: parse the trigger, call one use case, map the result."""
