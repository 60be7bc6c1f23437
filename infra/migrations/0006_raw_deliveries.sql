-- What `deliver` writes: one gzipped NDJSON object a window of recipients. Only the campaign state machine reads it, one run at a time.
CREATE EXTERNAL TABLE IF NOT EXISTS raw_deliveries (
  campaign_id string,
  user_id string,
  device_id string,
  arm string,
  message_id string,
  outcome string,
  reason string,
  delivered_ts timestamp
)
PARTITIONED BY (run_id string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://${LakeBucket}/raw/deliveries/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.run_id.type' = 'injected',
  'storage.location.template' = 's3://${LakeBucket}/raw/deliveries/run_id=${run_id}/'
)
