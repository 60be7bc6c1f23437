-- What became of every push, and of every person who got none: `outcome` is sent, failed, skipped or unknown; `reason` says why not sent.
CREATE TABLE IF NOT EXISTS deliveries (
  run_id string,
  campaign_id string,
  user_id string,
  device_id string,
  arm string,
  message_id string,
  outcome string,
  reason string,
  delivered_ts timestamp
)
PARTITIONED BY (run_id)
LOCATION 's3://${LakeBucket}/lake/deliveries/'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
