-- The same objects as raw_events, in folders of five minutes, so that curate reads only those that may be new. Lives 30 days.
CREATE EXTERNAL TABLE IF NOT EXISTS raw_events_by_minute (
  message_id string,
  user_id string,
  anonymous_id string,
  type string,
  event_name string,
  event_ts timestamp,
  received_ts timestamp,
  properties string,
  context string,
  traits string,
  device_id string,
  device_token string,
  platform string,
  other_name string
)
PARTITIONED BY (dt string, hh string, mm string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://${LakeBucket}/raw/events/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.dt.type' = 'date',
  'projection.dt.format' = 'yyyy-MM-dd',
  'projection.dt.range' = '2026-01-01,NOW+1DAYS',
  'projection.hh.type' = 'integer',
  'projection.hh.range' = '0,23',
  'projection.hh.digits' = '2',
  'projection.mm.type' = 'integer',
  'projection.mm.range' = '0,55',
  'projection.mm.interval' = '5',
  'projection.mm.digits' = '2',
  'storage.location.template' = 's3://${LakeBucket}/raw/events/dt=${dt}/hh=${hh}/mm=${mm}/'
)
