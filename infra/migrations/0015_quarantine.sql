-- What `load` refused, a line an event, and what was sent again of it. Lives 90 days. A day is a folder, with the hours in it.
CREATE EXTERNAL TABLE IF NOT EXISTS quarantined_events (
  id string,
  at string,
  source string,
  reason string,
  message string,
  event_name string,
  place int,
  text string,
  event string,
  raw string
)
PARTITIONED BY (dt string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://${LakeBucket}/quarantine/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.dt.type' = 'date',
  'projection.dt.format' = 'yyyy-MM-dd',
  'projection.dt.range' = '2026-01-01,NOW+1DAYS',
  'storage.location.template' = 's3://${LakeBucket}/quarantine/dt=${dt}/'
);
CREATE EXTERNAL TABLE IF NOT EXISTS quarantine_replays (
  id string,
  replay string,
  state string,
  at string,
  by_whom string,
  repair string
)
PARTITIONED BY (dt string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://${LakeBucket}/quarantine_replays/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.dt.type' = 'date',
  'projection.dt.format' = 'yyyy-MM-dd',
  'projection.dt.range' = '2026-01-01,NOW+1DAYS',
  'storage.location.template' = 's3://${LakeBucket}/quarantine_replays/dt=${dt}/'
);
