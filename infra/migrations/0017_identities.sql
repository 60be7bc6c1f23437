-- Which ids are of which person: one row an id and whoever claimed it. `kind` says what the id is (anonymous or user). The first event that said so
-- has its order (a text that sorts), moment, message id and type. The person has the id from `since_ts` on, until `until_ts` where it was separated;
-- without `since_ts` the claim is a conflict and moves nothing.
CREATE TABLE IF NOT EXISTS identities (
  kind string,
  id string,
  user_id string,
  since_ts timestamp,
  until_ts timestamp,
  claimed_order string,
  claimed_ts timestamp,
  message_id string,
  event_type string
)
PARTITIONED BY (kind)
LOCATION 's3://${LakeBucket}/lake/identities/'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd');

ALTER TABLE identities SET TBLPROPERTIES (
  'vacuum_max_snapshot_age_seconds' = '259200',
  'vacuum_max_metadata_files_to_keep' = '20',
  'optimize_rewrite_delete_file_threshold' = '1'
);

-- What somebody decided about a claim: `separated` undoes it from that moment on, `joined` takes that back. One object each, kept for ever.
CREATE EXTERNAL TABLE IF NOT EXISTS identity_decisions (
  kind string,
  id string,
  user_id string,
  decision string,
  decided_ts timestamp,
  decided_by string
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://${LakeBucket}/lake/identity_decisions/'
