"""The only importers of boto3, urllib3 and google-auth. Each adapter is thin and translates its library's errors to ours."""
