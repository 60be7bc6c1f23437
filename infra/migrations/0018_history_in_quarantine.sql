-- Whether a refused event came as one of the past (a file, or /v1/import): sent again, it stays one.
ALTER TABLE quarantined_events ADD COLUMNS (historical boolean)
