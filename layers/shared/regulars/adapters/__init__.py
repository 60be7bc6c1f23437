"""The only importers of boto3, pycurl and google-auth. Each adapter is thin and translates its library's errors to ours."""
