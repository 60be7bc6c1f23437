"""Where a run keeps what it has, in the lake's bucket."""


def recipients_prefix(run_id: str) -> str:
    """Where UNLOAD writes the shards, in the lake's bucket: a folder an attempt."""
    return f"runs/{run_id}/recipients/"


def manifest_key(run_id: str) -> str:
    """Where the state machine's map finds the list of shards."""
    return f"runs/{run_id}/manifest.json"


def held_key(run_id: str, shard: int) -> str:
    """Who of the shard is held back until when."""
    return f"runs/{run_id}/held/{shard:05d}.json"


def outcomes_prefix(run_id: str) -> str:
    """The run's partition of raw_deliveries."""
    return f"raw/deliveries/run_id={run_id}/"
