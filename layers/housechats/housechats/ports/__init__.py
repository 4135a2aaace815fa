"""What the use cases ask of the outside, in our own words.

Each method is one step that is done or not done; a use case may be killed before or after any.
The messenger tells its failures apart as domain.errors does; the others raise what their
technology raises, and the queue tries again.
"""
