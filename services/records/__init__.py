"""records: what was said and agreed, and who may see it.

Owns: the append-only, hash-chained history of every message; the read models board staff look at (cases, notices, held items,
boards and their staff); the written confirmations; sign-ins and sessions.
Hears: every message there is (`contracts/catalogue.py`), and what no service could take in.
Says: RecordIssued; StaffActed, ContactsChanged and ItemSettled (what board staff do on its pages); SendNotice (the written confirmation
to everyone it goes to, and sign-in codes).
"""
