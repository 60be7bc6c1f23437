"""One verb a file. A use case gets its ports as keyword arguments, returns a result, and never logs."""
