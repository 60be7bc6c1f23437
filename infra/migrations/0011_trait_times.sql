-- For each trait the moment and the message id of the identify that said it (JSON, as texts that sort): what arrives later is compared with them.
ALTER TABLE people ADD COLUMNS (trait_times string)
