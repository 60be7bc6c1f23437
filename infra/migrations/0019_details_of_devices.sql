-- By which event each detail of a device was said last (a text that sorts as events do): one that is silent about it takes nothing away.
ALTER TABLE devices ADD COLUMNS (platform_order string, locale_order string, timezone_order string, app_version_order string)
