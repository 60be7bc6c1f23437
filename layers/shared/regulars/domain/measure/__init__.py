"""What a campaign changed: intervals for the difference between treated and control, and the report that a manager can read."""
