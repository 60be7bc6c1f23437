-- The name of an event whose `event_name` is `_other`, because its source has no partition left for it.
ALTER TABLE raw_events ADD COLUMNS (other_name string);

ALTER TABLE events ADD COLUMNS (other_name string)
