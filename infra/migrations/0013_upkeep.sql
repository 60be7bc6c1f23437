-- How long a snapshot can be read after it is no longer the newest (3 days), how many old metadata files VACUUM leaves, and that a data file with
-- deleted rows is written anew by the next OPTIMIZE that comes by: docs/decisions/0018-upkeep.md.
ALTER TABLE events SET TBLPROPERTIES (
  'vacuum_max_snapshot_age_seconds' = '259200',
  'vacuum_max_metadata_files_to_keep' = '20',
  'optimize_rewrite_delete_file_threshold' = '1'
);
ALTER TABLE known_messages SET TBLPROPERTIES (
  'vacuum_max_snapshot_age_seconds' = '259200',
  'vacuum_max_metadata_files_to_keep' = '20',
  'optimize_rewrite_delete_file_threshold' = '1'
);
ALTER TABLE people SET TBLPROPERTIES (
  'vacuum_max_snapshot_age_seconds' = '259200',
  'vacuum_max_metadata_files_to_keep' = '20',
  'optimize_rewrite_delete_file_threshold' = '1'
);
ALTER TABLE devices SET TBLPROPERTIES (
  'vacuum_max_snapshot_age_seconds' = '259200',
  'vacuum_max_metadata_files_to_keep' = '20',
  'optimize_rewrite_delete_file_threshold' = '1'
);
ALTER TABLE assignments SET TBLPROPERTIES (
  'vacuum_max_snapshot_age_seconds' = '259200',
  'vacuum_max_metadata_files_to_keep' = '20',
  'optimize_rewrite_delete_file_threshold' = '1'
);
ALTER TABLE deliveries SET TBLPROPERTIES (
  'vacuum_max_snapshot_age_seconds' = '259200',
  'vacuum_max_metadata_files_to_keep' = '20',
  'optimize_rewrite_delete_file_threshold' = '1'
);
