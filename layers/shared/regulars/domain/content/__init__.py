"""Content that a publisher puts out: items that are told of once, by a signed call or from a feed. docs/content.md says it for users.

`item` is what an item is and when two are the same, `signature` who may tell of one, `feed` how the polling of a feed stands, `feed_text` and
`json_feed` what stands in one.
"""
