-- Where an event came from and what load made of it: the source's name, its place in the request, what was corrected and what it was before
-- (JSON), how it breaks the tracking plan (JSON), whether it is of a bot or a test, and whether its client told of the past.
ALTER TABLE raw_events ADD COLUMNS (source string, place int, corrections string, violations string, traffic string, historical boolean);

ALTER TABLE raw_events_by_minute ADD COLUMNS (source string, place int, corrections string, violations string, traffic string, historical boolean);

ALTER TABLE events ADD COLUMNS (source string, place int, corrections string, violations string, traffic string, historical boolean)
