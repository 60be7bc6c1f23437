-- What the people of a refreshed segment come to, counted once a day: one folder a base, written by UNLOAD, read with what was curated since. Lives 2 days.
CREATE EXTERNAL TABLE IF NOT EXISTS segment_bases (
  part string,
  user_id string,
  anonymous_id string,
  slot int,
  amount int,
  said string,
  told string
)
PARTITIONED BY (base string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://${LakeBucket}/segment_bases/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.base.type' = 'injected',
  'storage.location.template' = 's3://${LakeBucket}/segment_bases/${base}/'
)
