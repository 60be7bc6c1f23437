-- How long a snapshot can be read after it is no longer the newest (3 days), and how many old metadata files VACUUM leaves: docs/decisions/0018.
ALTER TABLE events SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds' = '259200', 'vacuum_max_metadata_files_to_keep' = '20');
ALTER TABLE known_messages SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds' = '259200', 'vacuum_max_metadata_files_to_keep' = '20');
ALTER TABLE people SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds' = '259200', 'vacuum_max_metadata_files_to_keep' = '20');
ALTER TABLE devices SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds' = '259200', 'vacuum_max_metadata_files_to_keep' = '20');
ALTER TABLE assignments SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds' = '259200', 'vacuum_max_metadata_files_to_keep' = '20');
ALTER TABLE deliveries SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds' = '259200', 'vacuum_max_metadata_files_to_keep' = '20');
