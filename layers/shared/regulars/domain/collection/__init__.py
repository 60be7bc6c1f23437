"""Collection: from an HTTP request to clean rows.

collect uses `body` (gzip), `json_text` (JSON), `keys` (whose request) and `message` (what the queue carries);
load uses `message` again, then `events` on each event, which leans on `moments` (when) and `identifiers` (who).
What a row cannot be made of is a `rejection`, and goes to quarantine whole.
"""
