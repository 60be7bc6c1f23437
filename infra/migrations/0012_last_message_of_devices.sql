-- The message that showed a device last: of two of the same moment the greater id wins, whichever arrives first.
ALTER TABLE devices ADD COLUMNS (last_message_id string)
