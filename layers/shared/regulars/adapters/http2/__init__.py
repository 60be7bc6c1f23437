"""The client's side of HTTP/2 (RFC 9113), as far as many small requests to one server need it, and HPACK (RFC 7541)."""
