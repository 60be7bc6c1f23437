"""Places that people come to: lists of shops, where each is and how far it reaches. docs/places.md says it for users.

`earth` is how far apart two points are, `place` and `parse` what a list is, `grid` which places a point is in, `nearby` what a telephone watches.
"""
