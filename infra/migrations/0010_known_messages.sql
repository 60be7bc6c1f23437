-- 60 bits of each event's message id, by when it happened: curate recognises copies by them. `period` is the event's day (2026-11-21), or its
-- month (2026-11) if it was received more than 35 days later.
CREATE TABLE IF NOT EXISTS known_messages (
  period string,
  message_hash bigint
)
PARTITIONED BY (period)
LOCATION 's3://${LakeBucket}/lake/known_messages/'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
