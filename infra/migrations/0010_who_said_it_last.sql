-- For each trait the moment and message id of the identify that said it (JSON), and for each device the message that showed it last: what
-- arrives later is compared with them, instead of all events being read again.
ALTER TABLE people ADD COLUMNS (trait_times string);
ALTER TABLE devices ADD COLUMNS (last_message_id string)
