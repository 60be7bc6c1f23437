"""Cleaning: one form for each thing, and nobody's ids out of the way; the original stays beside it in `corrections`.

`cleaned` is the entry, called once for each accepted event. `fields` is the table of what is what by name, `kinds` has the rule of each kind
(`emails`, `phones`, `countries`, `languages`, `currencies`, `numbers`, `booleans`, `dates`), and `values` applies them. `identities` takes
`placeholders` out, `texts` composes Unicode, `traffic` tells bots and tests. docs/cleaning.md says it for users.
"""
