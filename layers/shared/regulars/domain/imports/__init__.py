"""Imports: a file of the past becomes events.

    text      the bytes of a file as text of one kind
    lines     text, compressed or not, as lines; a broken file says at which byte
    recognition  whether a file is at all what it is said to be
    readers   lines of a format as records, each with its place and the events that it means
    mapping   a CSV's columns as events        (`csv_rows` has the rows, `csv_text` which lines make one)
    pinpoint  an endpoint of Amazon Pinpoint as an identify
    job       an import and its parts: what is kept of them from one call to the next

Everything here is pure; `usecases/ingest.py` brings the records into the lake by the same way as `load` does its messages.
"""
