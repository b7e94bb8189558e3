"""The mail catcher: takes every mail the stack sends, shows it on a page and gives it out again exactly as it came.

Nothing leaves this machine. A mail is on disk before it is answered with 250, and its raw bytes are what the page, the API and the
tests read: what a catcher cannot read, or rewrites, would be a fault of the product that nobody sees.
"""
