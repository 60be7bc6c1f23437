"""Why a grant stays although the story of `python -m local.iam` does not need it. A reason for a grant that is needed, or gone, fails its test."""

from collections.abc import Mapping
from typing import Final

_SAM_LOGS: Final = "SAM attaches it whole; each function has a log group of the template's"
_SAM_POLLS: Final = "SAM attaches it whole to consumers of a queue, beside the policy that does without it"
_NARROWED: Final = "says which queue, for the day when SAM stops attaching AWSLambdaSQSQueueExecutionRole, which has the same for every queue"
_MULTIPART: Final = (
    "Athena uploads what is large in parts, and gives up what fails: every example policy of its guide has it; local uploads are whole"
)
_PARTITIONS: Final = (
    "Athena asks for partitions of tables that have some in Glue; the guide's examples for tables have it, ours are projected or Iceberg's"
)
_EXPORT_BUCKET: Final = "is for ExportBucket, which the story has none of; QueryLakePolicy has it of the lake"
_ORPHANS: Final = "sweep concludes runs whose execution ended without doing so, a quarter of an hour after: the story has none"
_RESUMED: Final = "a run that came to a halt is resumed: those of the story come to none"
_STOP: Final = "a .sync task that times out, or whose execution is stopped, stops its query: the story stops none"

_NO_CONTENT: Final = "items are brought to people by journeys that begin with content: the story launches none"

_ALL_ALIVE: Final = "a dead token is forgotten: the telephone that the story's journeys send to is alive"
_TOLD: Final = "what somebody says beside what they do is written ahead of load: in the story nobody does both in one request"

REASONS: Final[Mapping[str, str]] = {
    "AdminFunctionRole/PublishJourneysAndSeeWhatRuns s3:GetObject": "the report of a journey, and why somebody is in it, read what runs: nobody asks",
    "AdvanceFunctionRole/CountWhatPeopleAreSent dynamodb:PartiQLInsert": "whoever was never sent anything has no item yet: the story's person has",
    "AdvanceFunctionRole/FindDevicesLearnOfNewOnesAndForgetDeadOnes dynamodb:PartiQLInsert": _TOLD,
    "AdvanceFunctionRole/FindDevicesLearnOfNewOnesAndForgetDeadOnes dynamodb:PartiQLUpdate": _TOLD,
    "AdvanceFunctionRole/FindDevicesLearnOfNewOnesAndForgetDeadOnes dynamodb:PutItem": _ALL_ALIVE,
    "AdvanceFunctionRole/KnowPeopleAndWhatTheyHaveJustTold dynamodb:PartiQLInsert": _TOLD,
    "AdvanceFunctionRole/TakeFromTheQueue sqs:DeleteMessage": _NARROWED,
    "AdvanceFunctionRole/TakeFromTheQueue sqs:GetQueueAttributes": _NARROWED,
    "AdvanceFunctionRole/TakeFromTheQueue sqs:ReceiveMessage": _NARROWED,
    "RemindFunctionRole/TakeFromTheQueue sqs:DeleteMessage": _NARROWED,
    "RemindFunctionRole/TakeFromTheQueue sqs:GetQueueAttributes": _NARROWED,
    "RemindFunctionRole/TakeFromTheQueue sqs:ReceiveMessage": _NARROWED,
    "WakeFunctionRole/BeginAndEndTheSweeps scheduler:DeleteSchedule": "nothing ran for a quarter of an hour: the story ends before",
    "PlanReplayFunctionRole/ReadTheJourneysAndTheirSegments dynamodb:Query": "is for segments that a journey's rules name: the story's names none",
    "LookBackStateMachineRole/UnloadWhatPeopleDid s3:AbortMultipartUpload": _MULTIPART,
    "LookBackStateMachineRole/UnloadWhatPeopleDid s3:ListMultipartUploadParts": _MULTIPART,
    "AdminFunctionRole/FindWhatToImport s3:ListBucket": "is for ImportBucket, which the story has none of; QueryLakePolicy has it of the lake",
    "AdminFunctionRole/FindWhereToExport s3:GetBucketLocation": _EXPORT_BUCKET,
    "AdminFunctionRole/FindWhereToExport s3:ListBucket": _EXPORT_BUCKET,
    "AdminFunctionRole/FindWhereToExport s3:ListBucketMultipartUploads": _EXPORT_BUCKET,
    "AdminFunctionRole/WriteExports s3:AbortMultipartUpload": _MULTIPART,
    "AdminFunctionRole/WriteExports s3:ListMultipartUploadParts": _MULTIPART,
    "AnnounceFunctionRole/FindTheSegmentsOfTheRule dynamodb:GetItem": _NO_CONTENT,
    "AnnounceFunctionRole/FindTheSegmentsOfTheRule dynamodb:Query": _NO_CONTENT,
    "AnnounceFunctionRole/GoOn lambda:InvokeFunction": _NO_CONTENT,
    "AnnounceFunctionRole/TakePeopleIn sqs:SendMessage": _NO_CONTENT,
    "AWSLambdaBasicExecutionRole/ logs:CreateLogGroup": _SAM_LOGS,
    "AWSLambdaSQSQueueExecutionRole/ logs:CreateLogGroup": _SAM_LOGS,
    "AWSLambdaSQSQueueExecutionRole/ logs:CreateLogStream": _SAM_POLLS,
    "AWSLambdaSQSQueueExecutionRole/ logs:PutLogEvents": _SAM_POLLS,
    "AWSLambdaSQSQueueExecutionRole/ sqs:DeleteMessage": _SAM_POLLS,
    "AWSLambdaSQSQueueExecutionRole/ sqs:GetQueueAttributes": _SAM_POLLS,
    "AWSLambdaSQSQueueExecutionRole/ sqs:ReceiveMessage": _SAM_POLLS,
    "CampaignStateMachineRole/UnloadRecipientsAndReadTheManifest s3:AbortMultipartUpload": _MULTIPART,
    "CampaignStateMachineRole/UnloadRecipientsAndReadTheManifest s3:ListMultipartUploadParts": _MULTIPART,
    "DeliverFunctionRole/KeepWhoIsHeldBack s3:PutObject": "deliver writes down who waits for their hour: in the story nobody does",
    "IngestFunctionRole/KeepDevices dynamodb:PartiQLUpdate": "ingest meets a device that is known already: those of the story's import are new",
    "IngestFunctionRole/LeaveTheRestToAnotherInvocation sqs:SendMessage": "ingest goes on where its time ends: the story's imports are short",
    "IngestFunctionRole/TakeFromTheQueue sqs:DeleteMessage": _NARROWED,
    "IngestFunctionRole/TakeFromTheQueue sqs:GetQueueAttributes": _NARROWED,
    "IngestFunctionRole/TakeFromTheQueue sqs:ReceiveMessage": _NARROWED,
    "IngestFunctionRole/TellAbsentFromForbidden s3:ListBucket": "answers 404 in place of 403 for an object that is gone: the story's stay",
    "LoadFunctionRole/GiveBackWhatIsUndone sqs:ChangeMessageVisibility": "load gives back what it cannot write: the story's store takes everything",
    "LoadFunctionRole/TakeFromTheQueue sqs:DeleteMessage": _NARROWED,
    "LoadFunctionRole/TakeFromTheQueue sqs:GetQueueAttributes": _NARROWED,
    "LoadFunctionRole/TakeFromTheQueue sqs:ReceiveMessage": _NARROWED,
    "QueryFunctionRole/FindTables glue:BatchGetPartition": _PARTITIONS,
    "QueryFunctionRole/FindTables glue:GetPartition": _PARTITIONS,
    "QueryFunctionRole/FindTables glue:GetPartitions": _PARTITIONS,
    "QueryFunctionRole/FindTheBucket s3:ListBucketMultipartUploads": _MULTIPART,
    "QueryFunctionRole/KeepResults s3:AbortMultipartUpload": _MULTIPART,
    "QueryFunctionRole/KeepResults s3:ListMultipartUploadParts": _MULTIPART,
    "QueryLakePolicy/FindTables glue:BatchGetPartition": _PARTITIONS,
    "QueryLakePolicy/FindTables glue:GetPartition": _PARTITIONS,
    "QueryLakePolicy/FindTables glue:GetPartitions": _PARTITIONS,
    "QueryLakePolicy/FindTables glue:GetTables": "an analyst's SHOW TABLES with one of these roles; no query of ours lists tables",
    "QueryLakePolicy/RunQueriesInOurWorkGroup athena:StopQueryExecution": _STOP,
    "QueryLakePolicy/ListTheLake s3:ListBucketMultipartUploads": _MULTIPART,
    "QueryLakePolicy/WriteResults s3:AbortMultipartUpload": _MULTIPART,
    "QueryLakePolicy/WriteResults s3:ListMultipartUploadParts": _MULTIPART,
    "RefreshFunctionRole/CountPeopleOnceADay s3:AbortMultipartUpload": _MULTIPART,
    "RefreshFunctionRole/CountPeopleOnceADay s3:GetObject": "the looks of a day read what was counted an hour before: the story's are seconds apart",
    "RefreshFunctionRole/CountPeopleOnceADay s3:ListMultipartUploadParts": _MULTIPART,
    "RefreshFunctionRole/FindWhichSegmentsAreRefreshed dynamodb:GetItem": "conversions have a campaign's goal read: no segment here asks for any",
    "ShardFunctionRole/ReadTheManifestOfAnExecutionBefore s3:GetObject": _RESUMED,
    "SweepFunctionRole/FindUnfinishedRunsAndConcludeThem dynamodb:GetItem": _ORPHANS,
    "SweepFunctionRole/FindUnfinishedRunsAndConcludeThem dynamodb:PutItem": _ORPHANS,
    "SweepFunctionRole/ReadWhoIsInThem s3:GetObject": _ORPHANS,
    "SweepFunctionRole/RecordWhatIsInDoubt s3:PutObject": _ORPHANS,
    "SweepFunctionRole/TakeShardsThatNobodySendsTo dynamodb:GetItem": _ORPHANS,
    "SweepFunctionRole/TakeShardsThatNobodySendsTo dynamodb:PutItem": _ORPHANS,
    "WriteLakePolicy/WriteTableFiles s3:AbortMultipartUpload": _MULTIPART,
    "WriteLakePolicy/WriteTableFiles s3:ListMultipartUploadParts": _MULTIPART,
    "WriteLakePolicy/WriteTableFiles s3:DeleteObject": "Athena deletes the files of a commit that failed, and VACUUM those of old snapshots",
}
"""By the text of a grant: owner/Sid action."""
