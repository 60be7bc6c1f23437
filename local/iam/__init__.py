"""IAM, enforced: every call that a role of the template makes is judged by that role's policies before it reaches moto.

    requests.py      what a call needs: an action on a resource
    conditions.py    the few conditions that are understood; all others are refused when the template is deployed
    statements.py    a policy document as statements, and what they match by wildcards.py
    aws_managed.py   the policies of AWS's own that SAM attaches
    authority.py     the roles of a deployment; allows or denies, and remembers which statement allowed what
    principals.py    who calls, in this thread; threads.py hands that on to the threads that it starts
    calls/           the closed table: API call -> what it needs
    gate.py          stands before each call of a boto3 client
    lake.py          stands before each object and table that the local Athena touches on behalf of its caller
    athena_needs.py  what Athena's documentation says a statement needs, whatever the engine touches
    services.py      what a service does with a role by itself: polls a queue, writes a log, starts a target
    grants.py        which grants of a deployment something needs; story.py is what they are for, unneeded.py why the others stay

Not judged: the operator's own calls from outside, trust between accounts, service control policies, keys of KMS, Lake Formation, and policies of
resources beyond the statements that deny everybody (docs/decisions/0014-iam-enforced-locally.md).
"""
