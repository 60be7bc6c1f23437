"""Campaigns: who is asked, who is left alone, what is said, and what became of it (docs/campaigns.md).

`parse` reads a document as a `campaign`; a `run` is one launch of it, with its `audience` and `arms` as SQL, its `shards`, `counts` and `cost`.
"""
