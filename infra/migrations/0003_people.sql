-- One row a person: when first and last seen, and the traits as they stand (JSON; for each trait the latest identify that named it wins).
CREATE TABLE IF NOT EXISTS people (
  user_id string,
  first_seen_ts timestamp,
  last_seen_ts timestamp,
  traits string
)
LOCATION 's3://${LakeBucket}/lake/people/'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
