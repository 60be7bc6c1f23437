def install_corrections() -> None:
    from local.runtime import dynamodb, sqs, stepfunctions
    sqs.install(); dynamodb.install(); stepfunctions.install()
