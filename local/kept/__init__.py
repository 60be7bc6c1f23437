"""`regulars up --keep DIR`: what moto holds in memory, kept in a folder from one start to the next.

| module | what it does |
|---|---|
| `records` | what is kept: named documents, each with a body perhaps |
| `folder` | one SQLite file: who may open it, and how it is replaced as a whole |
| `services` | each kind of resource as records, and records as its content again |
| `state` | all resources of a deployment, saved in the order that loses nothing, brought back as each is created |

A deployment is made anew from the template at every start, by the same names; then each resource gets its content back as soon as it is there,
so that `Custom::Schema` finds the tables that there are. What is not a resource's content is not kept: queries and executions that have
ended, the messages of the FCM double.
"""
