-- Who was in the audience of a run, and in which arm (`control` or a variant's id). Written once, before the first push.
CREATE TABLE IF NOT EXISTS assignments (
  run_id string,
  campaign_id string,
  user_id string,
  arm string,
  bucket int,
  planned_ts timestamp
)
PARTITIONED BY (run_id)
LOCATION 's3://${LakeBucket}/lake/assignments/'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
