"""Everything that comes in: mail and the web form, read, answered where something is missing, held where a person must look.

Owns: raw messages, submissions and drafts, held items, what each board publishes about itself and its contact list, the numbers of
its own notices, codes and sessions of its pages, how each notice may be answered on a page.
Hears: BoardPublished, ContactsPublished, NoticeSent, ItemSettled.
Says: FormReceived, ReplyReceived, DeliveryReported, ItemHeld and the command SendNotice (form_received, form_incomplete, item_held,
sign_in_code).
"""
