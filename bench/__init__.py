"""What Regulars is measured by: ratios, each taken in one run against a peer or a floor. `make bench`; one module, one or more rows."""
