"""What happens next in a case, and when.

Owns: the protocols, the boards and their contact lists in force; a case's state is its durable workflow.
Hears: FormReceived, ReplyReceived, DeliveryReported, NoticeFailed.
Says: BoardPublished, the facts of a case (CaseOpened to CaseClosed) and the command SendNotice.
"""
